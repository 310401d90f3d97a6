"""SIZE: how well the weights fit each device."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.facts import ModelFacts
from models.evaluation.finding import MetricStatus
from models.evaluation.metrics.size import (
    OVERHEAD_FACTOR,
    PARAMETER_BYTES,
    fit,
    measure,
    size_score,
)
from models.evaluation.size_score import DEVICE_MEMORY_GIB, SizeScore
from tests.unit.models.evaluation.facts_builder import GIB, a_model, facts


def memory(model: ModelFacts) -> float | None:
    """Return the GiB that a model's weights are found to need, the overhead left out."""
    observed = measure(facts(model)).evidence[0].observed
    if not isinstance(observed, dict):
        return None
    found = observed["memoryBytes"]
    assert isinstance(found, int)
    return round(found / OVERHEAD_FACTOR / GIB, 6)


class TestFit:
    """One device."""

    @pytest.mark.parametrize(
        ("gib", "score"), [(0, 1), (2, 1), (2.5, 0.75), (3, 0.5), (4, 0), (400, 0)]
    )
    def test_it_falls_from_half_the_memory_to_all_of_it(self, gib: float, score: float) -> None:
        assert fit(gib * GIB, 4) == score

    @given(st.integers(0, 2**45), st.integers(0, 2**45))
    def test_more_weights_never_fit_better(self, one: int, other: int) -> None:
        assert fit(min(one, other), 16) >= fit(max(one, other), 16)


class TestSize:
    """The mean over the devices."""

    def test_it_is_the_mean_of_the_four(self) -> None:
        found = facts(a_model(parameters={"BF16": 7_241_732_096}))
        scores = size_score(found)
        assert scores == SizeScore(0.0, 0.0, 0.0, 1.0)
        assert measure(found).score == 0.25

    def test_the_json_of_a_score_names_the_devices(self) -> None:
        scores = SizeScore(0.0, 0.25, 0.5, 1.0)
        assert list(scores.as_json()) == list(DEVICE_MEMORY_GIB)
        assert SizeScore.from_json(scores.as_json()) == scores

    def test_without_parameters_or_sizes_it_is_unknown(self) -> None:
        found = facts(a_model(files=["model.safetensors"]))
        assert measure(found).status is MetricStatus.UNKNOWN
        assert size_score(found) is None


class TestParameters:
    """Bytes by the type of the numbers."""

    @pytest.mark.parametrize(
        ("name", "size"),
        [
            ("F64", 8),
            ("I64", 8),
            ("F32", 4),
            ("BF16", 2),
            ("F16", 2),
            ("I8", 1),
            ("BOOL", 1),
            ("F8_E4M3", 1),
            ("F4", 0.5),
        ],
    )
    def test_each_type_has_its_bytes(self, name: str, size: float) -> None:
        assert PARAMETER_BYTES[name] == size
        assert memory(a_model(parameters={name: GIB})) == size

    def test_types_add_up(self) -> None:
        assert memory(a_model(parameters={"F32": GIB, "I64": GIB // 8})) == 5

    def test_a_type_that_nobody_knows_leaves_it_to_the_files(self) -> None:
        model = a_model(parameters={"X7": 5}, files={"model.safetensors": GIB})
        assert memory(model) == 1


class TestFiles:
    """The smallest complete set of weight files."""

    def test_formats_are_alternatives(self) -> None:
        files = {"pytorch_model.bin": 2 * GIB, "model.safetensors": GIB, "tf_model.h5": 3 * GIB}
        assert memory(a_model(files=files)) == 1

    def test_shards_add_up(self) -> None:
        files = {f"model-0000{at}-of-00003.safetensors": GIB for at in (1, 2, 3)}
        assert memory(a_model(files=files)) == 3

    def test_a_set_without_a_shard_is_none(self) -> None:
        files = {"model-00001-of-00002.safetensors": GIB, "pytorch_model.bin": 5 * GIB}
        assert memory(a_model(files=files)) == 5

    def test_a_shard_beyond_the_last_is_none_of_them(self) -> None:
        files = {f"model-0000{at}-of-00002.safetensors": GIB for at in (1, 3)}
        assert memory(a_model(files={**files, "pytorch_model.bin": 5 * GIB})) == 5

    def test_a_format_is_known_by_a_suffix_and_not_by_a_name(self) -> None:
        assert memory(a_model(files={"bin": GIB, "model.safetensors": 2 * GIB})) == 2

    def test_a_set_without_a_size_is_none(self) -> None:
        files = {
            "model-00001-of-00002.safetensors": GIB,
            "model-00002-of-00002.safetensors": None,
            "pytorch_model.bin": 5 * GIB,
        }
        assert memory(a_model(files=files)) == 5

    def test_each_gguf_file_is_a_model(self) -> None:
        assert memory(a_model(files={"a.Q8_0.gguf": 4 * GIB, "a.Q2_K.gguf": GIB})) == 1

    def test_consolidated_files_are_one_set(self) -> None:
        files = {"consolidated.00.pth": GIB, "consolidated.01.pth": GIB}
        assert memory(a_model(files=files)) == 2

    def test_what_trainer_leaves_is_no_model(self) -> None:
        files = {"training_args.bin": 1, "optimizer.pt": 2, "model.safetensors": GIB}
        assert memory(a_model(files=files)) == 1

    def test_the_root_goes_before_its_directories(self) -> None:
        files = {"1_Dense/model.safetensors": 1, "model.safetensors": GIB}
        assert memory(a_model(files=files)) == 1
        assert memory(a_model(files={"best/model.pth": GIB})) == 1

    def test_exports_count_only_alone(self) -> None:
        files = {"onnx/encoder_model.onnx": 1, "model.safetensors": GIB}
        assert memory(a_model(files=files)) == 1
        assert memory(a_model(files={"model.onnx": GIB, "model.onnx_data": GIB})) == 2

    def test_a_pipeline_is_the_sum_of_its_components(self) -> None:
        files = {
            "model_index.json": 1,
            "unet/diffusion_pytorch_model.safetensors": 3 * GIB,
            "unet/diffusion_pytorch_model.fp16.safetensors": 2 * GIB,
            "vae/diffusion_pytorch_model.bin": GIB,
            "vae/config.json": 1,
        }
        assert memory(a_model(files=files)) == 3

    def test_an_adapter_needs_its_base_too_so_that_it_is_unknown(self) -> None:
        files = {"adapter_config.json": 1, "adapter_model.safetensors": GIB}
        model = a_model(files=files, parameters={"F32": 5})
        assert measure(facts(model)).status is MetricStatus.UNKNOWN
        merged = a_model(files={**files, "model.safetensors": 2 * GIB})
        assert memory(merged) is not None
