"""The project that a command is about: the checkout, and the configuration that was given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from mimii_bench.util.checkout import find_checkout
from mimii_bench.util.errors import UserError


def configuration_options(command: Callable) -> Callable:
    """Add the options by which Snakemake is given a configuration, under the same names."""
    files = click.option(
        "--configfile",
        "configfiles",
        multiple=True,
        metavar="FILE",
        help="Laid over config.yaml, as for snakemake; may stand several times.",
    )
    keys = click.option(
        "--config",
        "keys",
        multiple=True,
        metavar="KEY=VALUE",
        help="One key, as for snakemake: reports=[ims_cnn], 'simulated={normal: 6}'.",
    )
    return files(keys(command))


def configured_project(configfiles: Sequence[str], keys: Sequence[str]):
    """Return the project of the checkout under a configuration.

    Raises
    ------
    UserError
        Where the package has no workflow, and for what is wrong in the configuration.
    """
    from mimii_bench.planning.configuration import check_files, laid_over, with_source
    from mimii_bench.planning.project import Project
    from mimii_bench.util.documents import read_yaml

    # A run's own folder may hold one, which says what differs from the project's.
    here = ["config.yaml"] if Path("config.yaml").exists() else []
    given: dict = {}
    files = [*here, *configfiles]
    check_files(files)
    for file in files:
        given = laid_over(given, read_yaml(Path(file)))
    for text in keys:
        given = laid_over(given, _key(text))
    try:
        return Project(find_checkout().folder, given)
    except UserError as error:
        raise UserError(with_source(str(error), files)) from None


def _key(text: str) -> dict:
    import yaml

    from mimii_bench.util.documents import parsed_yaml
    from mimii_bench.util.texts import shown

    key, equals, value = text.partition("=")
    if not equals or not key:
        raise UserError(f"--config {shown(text)}: write KEY=VALUE, such as budget=full")
    try:
        return {key: parsed_yaml(value)}
    except yaml.YAMLError:
        raise UserError(f"--config {key}: {shown(value)} is no YAML; write KEY=VALUE") from None
