"""Which of a model's files tell a library how to build and feed it."""

from models.evaluation.facts import ModelFacts

CONFIG_NAMES = frozenset(
    {
        "adapter_config.json",
        "config.cfg",
        "config.json",
        "config.yaml",
        "config.yml",
        "hparams.yaml",
        "hyperparams.yaml",
        "meta.json",
        "meta.yaml",
        "model_config.json",
        "model_index.json",
        "modules.json",
        "open_clip_config.json",
        "params.json",
    }
)
PROCESSOR_NAMES = frozenset(
    {
        "bpe.codes",
        "feature_extractor_config.json",
        "image_processor_config.json",
        "merges.txt",
        "preprocessor_config.json",
        "processor_config.json",
        "scheduler_config.json",
        "sentencepiece.bpe.model",
        "spiece.model",
        "tekken.json",
        "tokenizer",
        "tokenizer.json",
        "tokenizer.model",
        "tokenizer_config.json",
        "vocab.json",
        "vocab.txt",
    }
)
"""A diffusers pipeline without text is fed by its scheduler."""

SELF_CONTAINED_SUFFIXES = (".gguf", ".nemo", ".llamafile")
"""One file that carries weights, configuration and tokenizer."""

LIBRARIES_WITH_PROCESSING_IN_CONFIG = frozenset({"open_clip", "timm"})
"""Their configuration states how images are resized and normalised."""


def config_files(model: ModelFacts) -> tuple[str, ...]:
    """Return the paths of the files that configure the model."""
    return _named(model, CONFIG_NAMES)


def processor_files(model: ModelFacts) -> tuple[str, ...]:
    """Return the paths of tokenizer, vocabulary and processor files, or what holds their like."""
    if model.library_name in LIBRARIES_WITH_PROCESSING_IN_CONFIG:
        return _named(model, PROCESSOR_NAMES | CONFIG_NAMES)
    return _named(model, PROCESSOR_NAMES)


def _named(model: ModelFacts, names: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        file.path
        for file in model.files
        if file.path.rpartition("/")[2] in names or file.path.endswith(SELF_CONTAINED_SUFFIXES)
    )
