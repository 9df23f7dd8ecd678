"""The one command. Its parts are loaded when asked for, so that a provider's part needs no Django."""

from importlib import import_module

import click

# verb: (who uses it, where it lives, what it does)
VERBS: dict[str, tuple[str, str, str]] = {
    "demo": (
        "Try it",
        "tutela.demo.cli:demo",
        "Build a synthetic world, send reports through it, and show where to look.",
    ),
    "draw": ("Try it", "tutela.demo.picture_folder:draw_folder", "Draw a folder of pictures to try matching on."),
    "hash": ("Providers", "tutela.provider.hash_cli:hash_", "Digests and PDQ hashes of files and directories."),
    "match": ("Providers", "tutela.provider.match_cli:match_verb", "Which files or hashes are near a list's entries."),
    "send": ("Providers", "tutela.provider.cli:send", "Send reports written as CyberTipline messages."),
    "report": (
        "Providers",
        "tutela.provider.report_cli:report",
        "Make a report of leads; send, complete, follow one.",
    ),
    "queue": ("Providers", "tutela.provider.queue_cli:queue", "Reports on their way out, and their receipts."),
    "outcomes": ("Providers", "tutela.provider.outcomes_cli:outcomes", "What became of your reports."),
    "notice": ("Providers", "tutela.provider.notices:notice", "What users were told about decisions."),
    "complaint": (
        "Providers",
        "tutela.provider.complaints:complaint",
        "What users answered; the form's figures.",
    ),
    "receipt": ("Providers", "tutela.provider.verifying:receipt", "Verify a receipt offline."),
    "dossier": ("Authorities", "tutela.provider.verifying:dossier", "Verify a dossier offline."),
    "lists": (
        "Providers",
        "tutela.provider.lists_cli:lists",
        "Keep the lists that are matched against.",
    ),
    "bulk": ("Providers", "tutela.provider.bulk_cli:bulk", "Match a back catalogue in Parquet, here or on a cluster."),
    "bench": ("Providers", "tutela.provider.bench_cli:bench", "Measure exact matching on this machine."),
    "law": ("Everybody", "tutela.law.cli:law", "What the law says, as dated facts."),
    "compliance": (
        "Policy officers",
        "tutela.config.inside:compliance",
        "Import what states notified and the Commission decided; the matrix, and what is missing.",
    ),
    "strategy": (
        "Policy officers",
        "tutela.config.inside:strategy",
        "Gaps with the records that cause them; actions due.",
    ),
    "serve": ("Operators", "tutela.config.cli:serve", "Start the house: database, migrations, worker and web server."),
    "found": ("Operators", "tutela.config.founding:found", "Add the first organisations, people and credentials."),
    "work": (
        "Operators",
        "tutela.config.cli:work",
        "Run the schedule: matching, linking, chaining, anchoring, erasing.",
    ),
    "check": ("Operators", "tutela.config.cli:check", "Is this installation fit to accept reports?"),
    "audit": ("Operators", "tutela.config.cli:audit", "Verify the record against the heads kept outside the database."),
}


class House(click.Group):
    """A group whose verbs are listed by who uses them and imported only when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module, name = VERBS[cmd_name][1].split(":")
        try:
            command: click.Command = getattr(import_module(module), name)
        except ModuleNotFoundError as error:
            if error.name and error.name.split(".")[0] == "tutela":
                raise
            raise click.ClickException(
                f"'{cmd_name}' needs the server's parts: pip install 'tutela[server]' ({error.name} is missing)"
            ) from error
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for who in dict.fromkeys(who for who, _, _ in VERBS.values()):
            with formatter.section(who):
                formatter.write_dl([(verb, said) for verb, (group, _, said) in VERBS.items() if group == who])


@click.command(cls=House, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tutela")
def main() -> None:
    """Tutela: the open platform for the European fight against child sexual abuse."""
