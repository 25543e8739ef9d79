"""`configuration.md`: every key of `sladd.yaml`, from the models that check it.

Names, types, defaults and bounds come from the models; the sentences stand here. A field
without a sentence, or a sentence without a field, stops the generation.
"""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docs.pages.markdown import code, head, table

INTRO = """
`sladd.yaml` says what is read, what may be published, and where the keys are. Unknown keys are
refused with file, line and the nearest allowed key. Relative paths start at the file's own folder.

`${NAME}` reads the environment (in a Prefect flow first the Secret block of that name, so
`${SHOP_PASSWORD}` is the block `shop-password`); a missing one is an error. Inside a database
URL what is filled in is percent-encoded, so a password may hold `@` or `/`. Secrets never stand
in the file. Only `true` and `false` are booleans: `region: NO` is Norway.
"""

EXAMPLE = """
# Where findings, decisions and the audit trail are kept; PostgreSQL for a team.
catalog: sqlite:///.sladd/catalog.db
organisation: Eksempelbutikken
languages: [nb, nn, en]
region: NO

sources:
  shop:
    # Any SQLAlchemy URL. PostgreSQL, MariaDB/MySQL, SQLite and DuckDB need nothing more installed.
    database: postgresql+psycopg://reader:${SHOP_PASSWORD}@db.internal/shop
    include: ["public.*"]
    exclude: ["public.migrations"]
    # Which column leads to the person, where no foreign key says it.
    person: {public.sessions: customer_id}
    # A table of keys and values: each key is judged as a field of its own.
    eav: {public.customer_meta: [meta_key, meta_value]}
  exports:
    files: data/exports/**/*.{csv,jsonl,parquet,xlsx}
    person: {kunder: kundenr}

# The same persons in two sources: one pseudonym for both.
entities:
  customer: [shop/public.customers.id, exports/kunder.kundenr]

keys:
  main: {file: ~/.config/sladd/keys/main.key}

# Classes of your own: the department of each value, then its division.
hierarchies:
  departments: {file: hierarchies/departments.csv}

detection:
  sample_rows: 10000
  countries: [SE, DK]

# Who is told of new personal data, refused publishes and assessments that end.
notify:
  language: nb
  channels:
    ombud:
      mail:
        host: smtp.example.no
        user: sladd
        password_file: ~/.config/sladd/smtp
        from: sladd@example.no
        to: [personvernombud@example.no]
    vakt:
      webhook: {url: "https://hooks.example.no/sladd", secret_env: SLADD_HOOK_SECRET}
      tell: [refused, lapsing]

releases:
  analytics:
    kind: pseudonymised
    domain: produktanalyse
    purpose: Produktanalyse
    recipients: [analyse]
    from: [shop, exports]
    key: main
    # On top of the built-in rules; see policy.md and transforms.md.
    rules:
      - {category: user.contact.address.postal_code, transform: generalise, to: region}
      - {field: shop/public.orders.comment, transform: redact_text}
      - {field: shop/public.staff.department, transform: generalise, to: departments, level: 2}
    where: {shop/public.orders: "created_at >= '2024-01-01'"}
    # Whose rows stay out, and which columns say so. What points at such a row stays out too.
    leave_out: [restricted, objected, consent_withdrawn]
    leave_out_columns:
      objected: [shop/public.customers.objected]
      consent_withdrawn: [shop/public.newsletter.withdrawn_at]
    expires: 90d
    as_of: snapshot
    # Random tokens in place of keyed pseudonyms; their rows lead back, and can be deleted.
    vault: {store: "postgresql+psycopg://vault:${VAULT_PASSWORD}@vault.internal/vault"}
    reveal: {approval: two_persons, request_expires: 7d}
    to: releases/analytics
"""

TITLES = {
    "Config": ("The top of the file", ""),
    "SourceConfig": ("`sources.NAME`", "Exactly one of `database`, `files` and `documents`."),
    "KeyConfig": ("`keys.NAME`", "Exactly one of `file`, `env` and `provider`."),
    "ReleaseConfig": ("`releases.NAME`", ""),
    "RuleConfig": (
        "`releases.NAME.rules`",
        "Each rule selects by exactly one of `field` and `category`. What is not listed here is a "
        "parameter of the transform.",
    ),
    "IncrementalConfig": ("`releases.NAME.incremental.TABLE`", ""),
    "GuaranteeConfig": (
        "`releases.NAME.guarantee`",
        "Thresholds of an anonymised release; see [anonymised releases](../anonymised.md).",
    ),
    "BudgetConfig": (
        "`releases.NAME.guarantee.budget`",
        "When the search stops; what it answers then is the best found, and is said to be.",
    ),
    "LadderConfig": (
        "`releases.NAME.guarantee.hierarchies.FIELD`",
        "Exactly one way, besides `together`. A text stands for `{hierarchy: …}`.",
    ),
    "TableConfig": (
        "`releases.NAME.tables.TABLE`",
        "Of an anonymised release.",
    ),
    "PerPersonConfig": (
        "`releases.NAME.tables.TABLE.per_person`",
        "Exactly one of `aggregate` and `bound`.",
    ),
    "VaultConfig": (
        "`releases.NAME.vault`",
        "With it, pseudonyms of the release are random tokens that no key leads to; a rule may say "
        "`tokens: key` to leave a column out. See [the vault](../vault.md).",
    ),
    "RevealConfig": (
        "`releases.NAME.reveal`",
        "Who may have single pseudonyms led back; see [keys and the way back](../reveal.md).",
    ),
    "SampleConfig": (
        "`releases.NAME.sample`",
        "The key decides who is drawn: the same persons in every table, version and release of a "
        "domain, so what joined still joins. Rows of which nobody knows the person are in no "
        "sample. Manifest and report count what stayed out.",
    ),
    "ControllerConfig": (
        "`controller`",
        "Who is responsible: the head of the record of processing activities (GDPR art. 30(1)(a)).",
    ),
    "NoticeConfig": (
        "`privacy_notice`",
        "What the privacy notice says. `sladd gaps` and the page *Policy gaps* compare it with what "
        "was found. Give a `file`, `categories`, or both; what is said here wins over the file.",
    ),
    "DetectionConfig": ("`detection`", ""),
    "ReviewConfig": ("`review`", "How `sladd review` may be reached; see [the desk](../review.md)."),
    "ProxyConfig": (
        "`review.proxy`",
        "A proxy that says who someone is: believed only from a listed address and with the secret.",
    ),
    "HierarchyConfig": (
        "`hierarchies.NAME`",
        "A hierarchy for `{transform: generalise, to: NAME, level: 2}`: a CSV file whose rows hold a "
        "value and its classes, from fine to coarse (`Lager;Drift;Alle`), as ARX writes them. "
        "Delimiter and encoding are found by content. A value has one class at each level, and a "
        "class lies in one class above it; otherwise the lines are named and nothing starts. A "
        "value of the data that the file does not have becomes null and is counted. What the file "
        "says is part of the policy hash.",
    ),
    "NotifyConfig": (
        "`notify`",
        "Who is told of what scans and publishes come to. What cannot be told waits for the next run; "
        "see [the engineer's guide](../guide-engineer.md#tell-people).",
    ),
    "ChannelConfig": (
        "`notify.channels.NAME`",
        "Exactly one of `mail` and `webhook`. Messages hold names, categories and counts, never a "
        "value of a person.",
    ),
    "MailConfig": ("`notify.channels.NAME.mail`", ""),
    "WebhookConfig": (
        "`notify.channels.NAME.webhook`",
        "JSON is posted, three times at most, and no redirect is followed. With a secret, "
        "`Sladd-Signature: t=SECONDS,v1=HEX` is the HMAC-SHA-256 of `SECONDS.BODY`; `Sladd-Delivery` "
        "is the same for the same notices.",
    ),
    "RetentionConfig": (
        "`retention.TABLE`",
        "How long rows may be kept, and by what law. It is read and checked; no command of this "
        "version uses it yet.",
    ),
}

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "Config": {
        "catalog": "Where scans, findings, decisions and the audit trail are kept: an SQLite file, or `postgresql+psycopg://…` for a team.",
        "languages": "Languages of column names and texts. The first one reads free text.",
        "region": "Country whose recognisers take part.",
        "organisation": "Name on the reports.",
        "controller": "Who is responsible, with the data protection officer.",
        "privacy_notice": "What the privacy notice says.",
        "sources": "What is read, by a name of your choice.",
        "entities": "Name → fields that identify the same thing in several sources; they get one pseudonym.",
        "keys": "Master keys by name. A release uses `main` unless it names another.",
        "releases": "What may be published, by name.",
        "hierarchies": "Classes of your own for `generalise`, by the name that a rule's `to` gives.",
        "retention": "Table address → how long its rows may be kept.",
        "detection": "What the scanner may use.",
        "review": "How `sladd review` may be reached.",
        "notify": "Who is told of what is new.",
        "runner": "`prefect` makes `discover` and `publish` run as Prefect flows, like `--prefect`: two threads read and judge the tables of a source, one publishes. With `inline` they run in the process of the command, one table after another. `{dask: tcp://scheduler:8786}` has `publish` work the partitions of files on a running Dask cluster; needs the extra `sladd[dask]`.",
    },
    "ControllerConfig": {
        "organisation_number": "Number in Enhetsregisteret.",
        "address": "Postal address.",
        "email": "Where the organisation is reached about personal data.",
        "phone": "Telephone.",
        "representative": "Representative in the EEA, for an organisation outside it (art. 27).",
        "officer": "Data protection officer (personvernombud) and how to reach them.",
    },
    "NoticeConfig": {
        "file": "The notice as a text, Markdown or HTML file. Categories are found in it by the words that people use for them, time limits and the least age by their sentences.",
        "categories": "[Categories](categories.md) that the notice mentions; what lies below one is mentioned too.",
        "retention": "What it says of how long data are kept.",
        "minimum_age": "Years below which it says that nobody's data are wanted.",
        "language": "Languages that it can be read in.",
    },
    "ReviewConfig": {
        "hosts": "Names, without port, by which people reach it. Only loopback names are answered otherwise, and it listens to this machine alone.",
        "proxy": "The proxy that vouches for people, if there is one.",
    },
    "ProxyConfig": {
        "addresses": "Addresses the proxy's connections come from.",
        "secret_file": "File with mode 0600 that holds at least 32 characters, which the proxy sends along.",
        "secret_header": "Header with the secret.",
        "user_header": "Header with the person's name.",
        "role_header": "Header with the role: dpo, engineer, analyst or reader.",
    },
    "ClusterConfig": {
        "dask": "Address of the scheduler. Every worker needs the same sladd, and sees `sladd.yaml`, catalog, key, files and release folder under the same paths. Start workers with `dask worker ADDRESS --no-nanny` or under a supervisor; use `tls://` between machines. Only names, paths and counts travel; each worker reads the key for itself.",
    },
    "NotifyConfig": {
        "language": "Language of the messages.",
        "link": "Web address of the officer's desk, put at the end of a message.",
        "remind_days": "Days before a signed assessment ends at which that is told.",
        "channels": "Who is told, by a name of your choice: letters, digits, `-` and `_`.",
    },
    "ChannelConfig": {
        "mail": "By mail.",
        "webhook": "By a request to a web address.",
        "tell": "What of: a source's first scan, personal data in new fields, fields that became something else, verdicts that a scan reopened, a publish that a check refused, an assessment that ends or has ended, the weekly digest.",
        "language": "Language of this channel; as `notify.language` where nothing is said.",
    },
    "MailConfig": {
        "host": "Name of the mail server.",
        "port": "587 with `starttls`, 465 with `tls`, 25 with `none` where nothing is said.",
        "security": "`tls`: from the first byte; `starttls`: before the login. `none` is for a server on this machine.",
        "user": "Name of the login; without one there is no login.",
        "password_file": "File with the password on its first line, mode 0600.",
        "password_env": "Name of an environment variable with the password.",
        "ca_file": "Certificates to trust instead of the system's.",
        "from": "Address of the sender.",
        "to": "Addresses of the recipients.",
        "timeout_s": "Seconds to wait for the server.",
    },
    "WebhookConfig": {
        "url": "Address, `https://…`; `http://` for this machine only. `${NAME}` keeps a token out of the file.",
        "secret_file": "File with the secret that signs, mode 0600.",
        "secret_env": "Name of an environment variable with the secret.",
        "ca_file": "Certificates to trust instead of the system's.",
        "timeout_s": "Seconds to wait for an answer, each time.",
    },
    "SourceConfig": {
        "database": "SQLAlchemy URL. The password comes from the environment: `${NAME}`.",
        "files": "Pattern or patterns of tables in files: CSV, JSON, JSONL, Parquet, Arrow, XLSX, also with gzip or zstd. A URL of any installed fsspec file system will do. Files that differ only by date or number are one table.",
        "documents": "Pattern or patterns of documents: text, Markdown, HTML, mail (EML, MBOX), PDF, DOCX, ODT, JSON, XML, access logs, and ZIP or gzip of these. Each pattern is a table whose rows are parts of documents. Content decides the format, not the extension. With `--sample N`, N documents of each are read.",
        "include": "Wildcards for `schema.table` or `table` (files: the table or the path). None means all.",
        "exclude": "Wildcards for what is left out.",
        "person": "Table → column that leads to the person, or `column -> table.column`, where no foreign key says it.",
        "views": "Read views too.",
        "eav": "Table → its key column and its value column, where the names do not give it away.",
        "statement_timeout_s": "Seconds after which the database stops one query.",
    },
    "KeyConfig": {
        "file": "Path of a key file with mode 0600, outside the project, any git work tree and any release.",
        "env": "Name of an environment variable that holds 32 bytes in base64 or hexadecimal digits.",
        "provider": "Name of an entry point `sladd.keys` that fetches the key from a key management system.",
        "options": "What the provider is told, name by name; nothing secret.",
    },
    "RuleConfig": {
        "transform": "Name of a [transform](transforms.md).",
        "field": "Address of one field, as `sladd findings --all` prints it.",
        "category": "A [category](categories.md); what lies below it is covered too.",
    },
    "GuaranteeConfig": {
        "k": "Least persons who look alike.",
        "l": "Least distinct sensitive values among them.",
        "t": "Greatest distance of their sensitive values from the whole.",
        "max_suppression": "Greatest share of rows left out to reach it.",
        "earlier": "What becomes of a release that singles persons out together with an earlier one of the same table, or that cannot be compared with it: `refuse` publishes nothing; `warn` publishes and says so, where nobody can have both.",
        "diversity": "How `l` is counted: different values, or the entropy of as many equally common ones.",
        "distance": "How `t` is measured: any two values equally far apart, or by the values between them.",
        "weights": "Field → how much its precision is worth; 1 where nothing is said.",
        "hierarchies": "Field → how it becomes coarser. Without one it follows from category and type.",
        "budget": "When the search stops.",
    },
    "BudgetConfig": {
        "nodes": "Combinations of levels to look at: the same answer on every machine.",
        "seconds": "Seconds for each table: the answer depends on the machine.",
    },
    "LadderConfig": {
        "hierarchy": "`place`, `age`, `date`, `time`, `network`, `user_agent`, `none`, or a name under `hierarchies`.",
        "prefix": "Characters kept at each level, descending: `[3, 2, 1]`.",
        "bands": "Widths of bands, each a multiple of the one before: `[10, 20, 100]`.",
        "frequency": "How often a value was seen that stands for itself at each level; others become `(other)`.",
        "equal_frequency": "Numbers of bands that hold about as many rows each: `[16, 8, 4]`.",
        "equal_width": "Numbers of bands of equal width: `[16, 8, 4]`.",
        "ordered": "Values in their order; neighbours are joined.",
        "together": "With `ordered`: how many neighbours form a class at each level.",
    },
    "TableConfig": {
        "unit": "Whose the rows are: of persons; each row a person of its own; or about nobody.",
        "per_person": "How several rows of a person become one.",
    },
    "PerPersonConfig": {
        "aggregate": "Column → aggregate. The column is called `amount_sum` then.",
        "bound": "At most so many rows of each person.",
    },
    "ReleaseConfig": {
        "kind": "`anonymised`: measured, and published without keys; see [anonymised releases](../anonymised.md).",
        "domain": "Names the derived keys. Releases of one domain join on pseudonyms; releases of two domains cannot be linked by them. Keep it stable.",
        "purpose": "Shown in manifest and report.",
        "recipients": "Shown in manifest and report.",
        "documents": "`table`: redacted documents are rows of a table; `text`: also a `.txt` file for each below `documents/` of the release, named by its pseudonym.",
        "from": "Names of the sources.",
        "key": "Which of `keys` the pseudonyms are derived from.",
        "rules": "What happens to fields and categories, on top of the built-in rules ([policy.md](policy.md)).",
        "where": "Table address → condition on its rows. Rows that point at a row left out stay out too.",
        "leave_out": "Whose rows stay out. Each needs columns under `leave_out_columns`; the plan says where they lack.",
        "leave_out_columns": "Reason → fields that say it: true, 1, ja, yes, or a date that is filled in.",
        "expires": "Life of the release: a number and d, w, m or y. `sladd verify` fails after it.",
        "as_of": "Date at which ages are computed: the day of publishing, or a date.",
        "guarantee": "Thresholds of an anonymised release.",
        "roles": "Field → role in an anonymised release. `sladd roles` proposes them; what has none stays out.",
        "tables": "Table address → whose rows it holds, in an anonymised release.",
        "sample": "A share of the persons, with their rows in all tables. Tables of nobody come whole.",
        "keep_versions": "Published versions that stay; older ones are deleted.",
        "buckets": "Parquet files a large table is cut into.",
        "nested": "What nested values of JSONL, Parquet and Arrow files become. `columns`: a column for each place (`user_email`, `items_sku`). `structs`: one column in the shape that it had, of the places that are let out.",
        "csv": "Also a CSV file for each table, in `csv/` of the release. Texts stand in quotes, NULL is nothing at all, and a text that a spreadsheet would take for a formula has an apostrophe before it; see [formats.md](formats.md).",
        "incremental": "Table address → how a changed row shows to `sladd publish --incremental`. Tables that are not named go by their content.",
        "to": "Folder of the release, the URL of an object store (`s3://…`, `gs://…`, `az://…`: whatever fsspec opens; its login comes from the environment and never stands here), or the URL of a PostgreSQL or MariaDB database. Of a release in a "
        "database the files lie in `.sladd/releases/NAME`, where `verify` and `query` read them.",
        "vault": "Where random tokens are kept, for a release whose pseudonyms no key leads to.",
        "approval": "`required`: `sladd publish` refuses until the officer has approved the present plan, "
        "with `sladd approve NAME` or in `sladd review`; a plan that changes needs a new approval. "
        "`two_persons`: and whoever asks for it or publishes it is not the one who approves; a deployed flow publishes as the system user of its worker.",
        "reveal": "Who may have single pseudonyms led back.",
        "schema": "Schema of that database, replaced as a whole by each publish.",
    },
    "VaultConfig": {
        "store": "`sqlite:///…` (a file with mode 0600) or `postgresql+psycopg://…` (a database of its own): apart from the catalog, from every release and from git. The password comes from the environment: `${NAME}`.",
    },
    "RevealConfig": {
        "approval": "`named`: the command names who approved. `two_persons`: one asks (`sladd reveal request`), another system user approves (`sladd reveal approve`).",
        "request_expires": "How long a request may wait and an approval be used: a number and d, w, m or y.",
    },
    "SampleConfig": {
        "share": "Of the persons, above 0 and below 1: 0.1 draws about one in ten.",
        "persons": "Entity that is drawn from; needed where tables lead to several kinds of persons. Tables of the others come whole.",
    },
    "IncrementalConfig": {
        "by": "Column that grows whenever a row is written, such as `updated_at`. Only it and the primary key are read to find what changed; a change that leaves it as it was is not seen.",
    },
    "HierarchyConfig": {
        "file": "The CSV file.",
        "header": "Whether the first row names the levels instead of holding a value.",
    },
    "RetentionConfig": {
        "keep": "A number and d, w, m or y.",
        "by": "The column with the date it counts from.",
        "after": "From the date itself, or from the end of its year.",
        "basis": "The law, as text.",
    },
    "DetectionConfig": {
        "sample_rows": "Rows read of each table; 0 reads all. `sladd discover --sample` and `--full` win.",
        "recognizers": "Presidio YAML files of your own; see [extending.md](../extending.md).",
        "countries": "Countries whose national identity numbers are looked for besides `region`; see [recognizers.md](recognizers.md).",
        "child_age": "Years below which a person counts as a child: the report says how many there are. 0 counts none. Personopplysningsloven § 5 sets 13 for consent to online services, GDPR art. 8 sets 16 where a country has no other.",
        "spacy": "Language → an installed spaCy model or its folder that finds names in free text in place of the model that comes with sladd; `off` looks for none. One that is not installed is an error (SLADD-712); nothing is downloaded.",
        "text_rows": "Distinct texts of a column that are read for personal data within them.",
        "links": "Measure keys between tables that no source declares, and tables that hold the same persons; `sladd links` lists them.",
        "link_seconds": "Seconds of reading for that, at most, for each source. What was not read by then is said in the evidence.",
    },
}


def page() -> str:
    """The whole page."""
    from sladd import config

    models = [getattr(config, name) for name in TITLES]
    parts = [head("sladd.yaml", INTRO), f"\n## A complete example\n\n```yaml\n{EXAMPLE.strip()}\n```\n"]
    for model in models:
        title, about = TITLES[model.__name__]
        parts.append(f"\n## {title}\n\n{about + chr(10) + chr(10) if about else ''}{_fields(model)}")
    return "".join(parts)


def _fields(model: Any) -> str:
    sentences = dict(SENTENCES[model.__name__])
    rows = []
    for name, field in model.model_fields.items():
        if field.exclude:
            continue  # `root` is no key of the file
        key = field.alias or name
        if key not in sentences:
            raise LookupError(f"docs/pages/configuration.py has no sentence on {model.__name__}.{key}")
        rows.append([code(key), _type(field), _default(field), sentences.pop(key)])
    if sentences:
        raise LookupError(f"{model.__name__} has no field {', '.join(sentences)}")
    return table(["key", "value", "default", "means"], rows)


def _type(field: Any) -> str:
    text = _spelled(field.annotation)
    for bound, word in (("ge", "at least"), ("gt", "more than"), ("le", "at most")):
        for rule in field.metadata:
            value = getattr(rule, bound, None)
            if value is not None:
                text += f", {word} {value:g}"
    return text


def _spelled(kind: Any) -> str:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _spelled(arguments[0])
    if origin is typing.Literal:
        return " \\| ".join(code(a) for a in arguments)
    if origin in {types.UnionType, typing.Union}:
        return " or ".join(_spelled(a) for a in arguments if a is not type(None))
    if origin is list:
        return f"list of {_spelled(arguments[0])}"
    if origin is dict:
        return f"map to {_spelled(arguments[1])}"
    if origin is tuple:
        return "list"
    names = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false"}
    plain = getattr(kind, "__name__", str(kind))
    shown = TITLES.get(plain, ("", ""))[0]
    return f"[{shown}](#{_anchor(shown)})" if shown else names.get(plain, plain)


def _anchor(title: str) -> str:
    """As GitHub makes it: lower case, without punctuation."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _default(field: Any) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ("", [], {}) or hasattr(value, "model_fields_set"):
        return ""
    if isinstance(value, Path):
        return ""
    return code(json.dumps(value, ensure_ascii=False).strip('"') if not isinstance(value, str) else value)
