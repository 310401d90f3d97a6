"""ARTIFACT_SAFETY: whether loading the weights can run somebody's code."""

import pytest

from models.evaluation.facts import ModelFacts, Scan
from models.evaluation.finding import Finding, MetricStatus
from models.evaluation.metrics.artifact_safety import measure
from models.json_text import Json
from tests.unit.models.evaluation.facts_builder import a_model, facts

CLEAN = Scan(is_done=True, issues={})
PENDING = Scan(is_done=False, issues={})


def of(*paths: str, scan: Scan | None = CLEAN) -> Finding:
    return measure(facts(a_model(files=paths, scan=scan)))


class TestFormats:
    """What the formats of the weights allow."""

    @pytest.mark.parametrize(
        "path", ["model.safetensors", "tiny.gguf", "model.onnx", "flax_model.msgpack", "m.tflite"]
    )
    @pytest.mark.parametrize("scan", [CLEAN, PENDING, None])
    def test_data_scores_1_scanned_or_not(self, path: str, scan: Scan | None) -> None:
        assert of(path, scan=scan).score == 1

    @pytest.mark.parametrize(
        "path",
        [
            "pytorch_model.bin",
            "a.pt",
            "a.PTH",
            "a.ckpt",
            "a.pkl",
            "a.joblib",
            "tf_model.h5",
            "a.keras",
            "saved_model.pb",
        ],
    )
    def test_what_can_run_code_scores_by_the_scan(self, path: str) -> None:
        assert of(path, scan=CLEAN).score == 0.6
        assert of(path, scan=PENDING).score == 0.3
        assert of(path, scan=Scan(is_done=True, issues={path: "suspicious"})).score == 0.3
        assert of(path, scan=Scan(is_done=True, issues={path: "unsafe"})).score == 0

    def test_safetensors_beside_it_do_not_help(self) -> None:
        assert of("model.safetensors", "pytorch_model.bin").score == 0.6

    def test_any_unsafe_file_is_one_too_many(self) -> None:
        scan = Scan(is_done=True, issues={"extra.zip": "unsafe"})
        assert of("model.safetensors", "extra.zip", scan=scan).score == 0

    @pytest.mark.parametrize("path", ["model.weights", "model.npz", "run.sh"])
    def test_an_unsafe_file_counts_where_there_are_no_weights_either(self, path: str) -> None:
        assert of(path, scan=Scan(is_done=True, issues={path: "unsafe"})).score == 0

    def test_without_word_of_a_scan_it_is_unknown(self) -> None:
        assert of("pytorch_model.bin", scan=None).status is MetricStatus.UNKNOWN

    def test_openvinos_arrays_are_no_pickle(self) -> None:
        assert of("openvino/openvino_model.bin").score == 1

    def test_what_trainer_leaves_is_not_loaded(self) -> None:
        assert of("model.safetensors", "training_args.bin", "optimizer.pt").score == 1

    def test_without_weights_it_does_not_apply(self) -> None:
        assert of("README.md").status is MetricStatus.NOT_APPLICABLE

    def test_what_is_inside_of_an_archive_is_unknown(self) -> None:
        assert of("model.nemo").status is MetricStatus.UNKNOWN


def custom(**fields: Json) -> ModelFacts:
    return a_model(files=["model.safetensors", "modeling_tiny.py"], config=fields)


class TestCodeOnLoad:
    """Programs of the repository that loading runs."""

    @pytest.mark.parametrize(
        "model",
        [
            custom(auto_map={"AutoModel": "modeling_tiny.TinyModel"}),
            custom(tokenizer_config={"auto_map": {"AutoTokenizer": ["x", None]}}),
            a_model(files=["model.safetensors"], tags=["custom_code"]),
        ],
    )
    def test_caps_the_score(self, model: ModelFacts) -> None:
        found = measure(facts(model))
        assert found.score == 0.5
        assert [item.points for item in found.evidence] == [1, -0.5]

    def test_lowers_no_score_below_the_cap(self) -> None:
        model = a_model(files=["a.bin"], tags=["custom_code"], scan=PENDING)
        assert measure(facts(model)).score == 0.3

    def test_programs_that_nothing_names_are_not_run(self) -> None:
        assert measure(facts(custom())).score == 1
