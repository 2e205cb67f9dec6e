"""init, schema, completion: what one needs to begin."""

import click

from olagraph.cli.program import output_option
from olagraph.cli.refusals import OK, Refusal, cannot
from olagraph.cli.sources import show
from olagraph.reports.visible import visible


@click.command(short_help="A commented starter portfolio.")
@click.argument("file", default="portfolio.yaml")
def init(file: str) -> int:
    """Write a commented starter portfolio to FILE (default portfolio.yaml), never over an existing file."""
    from importlib.resources import files

    text = files("olagraph").joinpath("starter.yaml").read_text(encoding="utf-8")
    if file == "-":
        show(text, None)
        return OK
    try:
        with open(file, "x", encoding="utf-8", newline="\n") as new:
            new.write(text)
    except FileExistsError:
        raise Refusal(f"{file} exists already and is left as it is; name another file") from None
    except OSError as error:
        raise cannot("write", file, error) from None
    show(f"Wrote {visible(file)}. Next: olagraph assess {visible(file)}\n", None)
    return OK


@click.command(short_help="The JSON Schema of the portfolio file.")
@output_option
def schema(output: str | None) -> int:
    """Print the JSON Schema of the portfolio file, for editors."""
    import json

    from olagraph.documents import json_schema

    show(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n", output)
    return OK


@click.command(short_help="Completion for bash, zsh or fish.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the completion script of SHELL.

    \b
    bash: eval "$(olagraph completion bash)"          in ~/.bashrc
    zsh:  eval "$(olagraph completion zsh)"           in ~/.zshrc
    fish: olagraph completion fish > ~/.config/fish/completions/olagraph.fish
    """
    from click.shell_completion import get_completion_class

    complete = get_completion_class(shell)
    assert complete is not None, "click knows the three shells"
    program = click.get_current_context().find_root().command
    show(complete(program, {}, "olagraph", "_OLAGRAPH_COMPLETE").source() + "\n", None)
    return OK
