"""What a model declares that stands elsewhere: its datasets, and the repository of its code.

The names go into paths of requests, so that only what the Hub and GitHub allow in a name is one.
"""

import re
from collections.abc import Iterator

from models.evaluation.card import parse
from models.evaluation.card_blocks import Block, Code, Heading, Paragraph
from models.evaluation.facts import ModelFacts
from models.json_text import Json

_LIBRARIES = """
abetlen/llama-cpp-python arcee-ai/mergekit argilla-io/argilla argilla-io/distilabel
autogptq/autogptq automatic1111/stable-diffusion-webui axolotl-ai-cloud/axolotl
bitsandbytes-foundation/bitsandbytes casper-hansen/autoawq cg123/mergekit comfyanonymous/comfyui
dao-ailab/flash-attention eleutherai/lm-evaluation-harness embeddings-benchmark/mteb
explosion/spacy facebookresearch/xformers flairnlp/flair ggerganov/llama.cpp ggml-org/llama.cpp
google/jax google/sentencepiece hiyouga/llama-factory huggingface/accelerate
huggingface/autotrain-advanced huggingface/candle huggingface/datasets huggingface/diffusers
huggingface/evaluate huggingface/huggingface_hub huggingface/lighteval huggingface/optimum
huggingface/peft huggingface/pytorch-image-models huggingface/safetensors
huggingface/sentence-transformers huggingface/setfit huggingface/text-embeddings-inference
huggingface/text-generation-inference huggingface/tokenizers huggingface/transformers
huggingface/transformers.js huggingface/trl intel/auto-round
intel/intel-extension-for-transformers intel/neural-compressor internlm/lmdeploy keras-team/keras
kohya-ss/sd-scripts lightning-ai/pytorch-lightning lightonai/pylate lm-sys/fastchat
lostruins/koboldcpp michaelfeil/infinity mit-han-lab/llm-awq ml-explore/mlx
ml-explore/mlx-examples ml-explore/mlx-lm mlfoundations/open_clip mobiusml/hqq
modelcloud/gptqmodel modelscope/modelscope modelscope/ms-swift neuralmagic/deepsparse
nomic-ai/gpt4all nvidia/apex nvidia/megatron-lm nvidia/nemo nvidia/tensorrt-llm ollama/ollama
oobabooga/text-generation-webui openaccess-ai-collective/axolotl openai/openai-python
openai/tiktoken openvinotoolkit/openvino ostris/ai-toolkit paddlepaddle/paddlenlp
panqiwei/autogptq pytorch/ao pytorch/pytorch qdrant/fastembed qwopqwop200/gptq-for-llama
replicate/cog rwightman/pytorch-image-models scikit-learn/scikit-learn sgl-project/sglang
speechbrain/speechbrain tensorflow/tensorflow timdettmers/bitsandbytes turboderp-org/exllamav2
turboderp-org/exllamav3 turboderp/exllamav2 ukplab/sentence-transformers unslothai/unsloth
vllm-project/llm-compressor vllm-project/vllm xenova/transformers.js
"""
LIBRARY_REPOSITORIES = frozenset(_LIBRARIES.split())
"""Code that loads, trains or serves any model: never the code of one. Their own cards' templates
link some of them as "Repository"."""

DECLARED_MAX = 10_000
"""So many declarations, or tags, are looked at: the first ones."""

_DATASET_NAME = re.compile(r"(?:\w[\w.-]{0,95}/)?\w[\w.-]{0,95}", re.ASCII)
_REPOSITORY = re.compile(
    r"(?:(?<![\w./])(?:https?://(?:www\.)?github\.com/|(?:ssh://)?git@github\.com[:/])"
    r"|(?<![\w./@-])(?:www\.)?github\.com/)"
    r"([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100}+)(?![\w-])",
    re.IGNORECASE | re.ASCII,
)
_GITHUB_PAGES = """
about apps collections customer-stories enterprise explore features issues login marketplace
notifications orgs organizations pricing pulls readme search security settings site sponsors
stars topics trending user-attachments users
"""
_NO_OWNERS = frozenset(_GITHUB_PAGES.split())
"""First segments of GitHub's own pages."""

_LABEL = re.compile(
    r"(?:the |our |official |model |training |source )*"
    r"(?:repository|repo|code|codebase|source|github|github repo|github repository"
    r"|code repository)(?: link| url| optional)?"
)
_ASIDE = re.compile(
    r"\b(?:acknowledge?ments?|benchmarks?|citations?|cite|credits?|data|datasets?|evaluations?"
    r"|licen[cs]es?|references?|related|results?)\b",
    re.IGNORECASE,
)
_FETCHES = re.compile(r"git clone|git\+|@git|submodule")


def declared_datasets(model: ModelFacts) -> tuple[str, ...]:
    """Return the names of the datasets that a model declares, distinct, in their order.

    They stand in the card's front matter, else in `dataset:` tags.
    """
    stated = model.card_data.get("datasets")
    names = stated[:DECLARED_MAX] if isinstance(stated, list) else [stated]
    found = [name for name in map(_dataset_name, names) if name]
    if not found:
        tags = (tag.partition(":") for tag in model.tags[:DECLARED_MAX])
        found = [rest for kind, _, rest in tags if kind == "dataset" and _is_dataset(rest)]
    return tuple(dict.fromkeys(found))


def linked_repository(card: str) -> tuple[str, str] | None:
    """Return owner and name of the GitHub repository of a model's code, as its card links it.

    A link that is labelled Repository, Code, Source code or GitHub wins; else it is the first in
    the document. Repositories of general libraries are passed over, and so are unlabelled links
    in tables and in sections on data, evaluation or other people's work.
    """
    first = None
    for line, is_aside in _lines(parse(card).blocks):
        for match in _REPOSITORY.finditer(line):
            found = _owner_and_name(match)
            if found and _is_labelled(line, match.start()):
                return found
            first = first or (None if is_aside else found)
    return first


def _dataset_name(stated: Json) -> str | None:
    name = stated.get("name") if isinstance(stated, dict) else stated
    return name if isinstance(name, str) and _is_dataset(name) else None


def _is_dataset(name: str) -> bool:
    return (
        _DATASET_NAME.fullmatch(name) is not None
        and ".." not in name
        and "--" not in name
        and not name.endswith((".", "-", ".git"))
        and not re.search(r"[.-]/", name)
    )


def _lines(blocks: tuple[Block, ...]) -> Iterator[tuple[str, bool]]:
    """Yield each line in which a link counts, and whether links there lead to something else."""
    is_aside = False
    for block in blocks:
        if isinstance(block, Heading):
            is_aside = _ASIDE.search(block.title) is not None
            yield block.title, is_aside
        elif isinstance(block, Paragraph):
            yield from ((line, is_aside) for line in block.text.split("\n"))
        elif isinstance(block, Code):
            lines = block.text.split("\n")
            yield from ((line, is_aside) for line in lines if _FETCHES.search(line))
        else:
            yield from ((" | ".join(row), True) for row in block.rows)


def _owner_and_name(match: re.Match[str]) -> tuple[str, str] | None:
    owner, name = match[1], match[2].rstrip(".")
    name = re.sub(r"\.git$", "", name, flags=re.IGNORECASE)
    if name in {"", ".", ".."} or owner.lower() in _NO_OWNERS:
        return None
    return None if is_library(f"{owner}/{name}") else (owner, name)


def is_library(full_name: str) -> bool:
    """Tell whether a repository of GitHub holds a library for any model, and no model's code."""
    return full_name.lower() in LIBRARY_REPOSITORIES


def _is_labelled(line: str, at: int) -> bool:
    """Tell whether the words before a link, or its own text, name it as the code."""
    before = line[max(0, at - 200) : at]
    label = re.split(r"[:|]", before)[0] if re.search(r"[:|]", before) else ""
    text = before.rpartition("[")[2] if before.endswith("](") else ""
    return any(_LABEL.fullmatch(_words(candidate)) for candidate in (label, text))


def _words(text: str) -> str:
    return " ".join(re.findall("[a-z]+", text.lower()))
