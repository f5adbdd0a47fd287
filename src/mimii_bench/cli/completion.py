"""`mimii-bench completion`: the script by which a shell completes the command."""

import click
from click.shell_completion import get_completion_class


@click.command(
    epilog="""\b
Examples:
  mimii-bench completion bash >> ~/.bashrc
  mimii-bench completion zsh >> ~/.zshrc
  mimii-bench completion fish > ~/.config/fish/completions/mimii-bench.fish"""
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that lets SHELL complete subcommands, options and names of systems."""
    from mimii_bench.cli.main import NAME, command

    variable = f"_{NAME}_COMPLETE".replace("-", "_").upper()
    click.echo(get_completion_class(shell)(command, {}, NAME, variable).source())
