"""What only looks like persons': departments, senders, servers, keys of programs, makers of things."""

from __future__ import annotations

import uuid

import pytest

from detectors.columns.linked import link
from detectors.columns.machines import of_what_ran
from detectors.columns.passing import in_passing
from detectors.columns.tables import kind_of_table

N = 60


def test_departments_and_places_of_a_firm_are_reached_at_its_own_numbers(scanner, made):
    """`departments` and `locations` with an address and a telephone are a firm's; no user's place is."""
    for table in ("departments", "locations", "sites", "avdelinger", "Abteilungen"):
        rows = {
            "id": list(range(N)),
            "name": [f"Sted {i}" for i in range(N)],
            "street": made.many(made.street, N),
            "phone": made.many(made.mobile, N),
        }
        found = scanner.findings(table, rows)
        assert found["phone"].category == "organization.contact.phone_number"
        assert not found["street"].category.startswith("user")
    assert kind_of_table("locations", ["user_id", "address"]) != "organisation"
    assert kind_of_table("sites", ["first_name", "last_name", "address"]) != "organisation"


def test_a_table_is_of_suppliers_by_the_number_that_it_begins_with():
    """A table whose name says nothing begins with the number of what it lists."""
    assert kind_of_table("v_mdata", ["vendor_no", "name", "street", "phone"]) == "organisation"
    assert kind_of_table("LFA1", ["LIFNR", "NAME1", "STRAS"]) == "organisation"
    assert kind_of_table("T001W", ["WERKS", "NAME1"]) == "organisation"
    assert kind_of_table("v_mdata", ["vendor_no", "first_name", "last_name", "street"]) == "person"
    assert kind_of_table("v_mdata", ["vendor_no", "status"]) == ""


@pytest.mark.parametrize(
    "columns",
    [
        ["date", "c-ip", "cs-method", "cs-uri-stem", "sc-status"],
        ["@timestamp", "http.request.method", "url.path"],
        ["remote_addr", "request_uri", "body_bytes_sent"],
        ["time", "client_ip", "request_path", "status_code"],
        ["ts", "http_referer", "http_user_agent"],
    ],
)
def test_lines_of_requests_are_a_log_whatever_the_file_is_called(columns):
    """A shop's log is no list of shops."""
    assert kind_of_table("nettbutikk", columns) == "web"
    assert kind_of_table("customers", [*columns, "first_name"]) == "person"


@pytest.mark.parametrize(
    ("column", "kind", "passing"),
    [
        ("created_by", "", True),
        ("updatedBy", "thing", True),
        ("Last modified by", "", True),
        ("published_by_id", "", True),
        ("hiring_manager_email", "thing", True),
        ("hiring_manager_email", "", False),
        ("sold_by", "", False),
        ("owner_id", "thing", False),
        ("customer_id", "thing", False),
        ("paid_by", "", False),
    ],
)
def test_who_made_a_row_is_named_in_passing(column, kind, passing):
    """Whose a thing is, and who paid for it, is another matter."""
    assert in_passing(column, kind) is passing


def test_a_thing_is_not_about_whoever_made_it(scanner, made):
    """What else stands beside the address of who asked for a report says nothing of them."""
    rows = {
        "title": [f"Rapport {i}" for i in range(N)],
        "status": ["ferdig", "venter"] * (N // 2),
        "requested_by": made.many(made.email, N),
    }
    [scan] = link([scanner.table("reports", rows)], {})
    found = {field.field.ref.column: field.finding for field in scan.fields}
    assert found["requested_by"].category == "user.contact.email"
    assert str(found["status"].how) == "none"
    rows["email"] = rows.pop("requested_by")
    [scan] = link([scanner.table("reports", rows)], {})
    assert {str(f.finding.how) for f in scan.fields if f.field.ref.column == "status"} == {"linked"}


@pytest.mark.parametrize("sender", ["sender", "shipper", "consignor", "avsender", "merchant"])
def test_where_every_parcel_is_sent_from_is_the_shops_own(scanner, made, sender):
    """Two warehouses send to everyone, and each recipient is someone."""
    n = 120
    rows = {
        f"{sender}_street": ["Lagerveien 2", "Deliveien 8"] * (n // 2),
        f"{sender}_phone": ["22 10 20 30", "55 20 30 40"] * (n // 2),
        "recipient_street": made.many(made.street, n),
        "recipient_phone": made.many(made.mobile, n),
    }
    found = scanner.findings("parcel_bookings", rows)
    assert found[f"{sender}_street"].category == "organization"
    assert found[f"{sender}_phone"].category == "organization.contact.phone_number"
    assert found["recipient_street"].category == "user.contact.address.street"
    assert found["recipient_phone"].category == "user.contact.phone_number"


@pytest.mark.parametrize("column", ["dest_ip", "server_ip", "upstream_ip", "host.ip", "gateway_ip"])
def test_the_address_of_a_server_is_no_visitors(scanner, column):
    """Private addresses of servers are nobody's; a visitor's is theirs, and so is a public one."""
    private = [f"10.4.{i}.{(i * 7) % 250}" for i in range(N)]
    public = [f"198.51.100.{i + 1}" for i in range(N)]
    found = scanner.findings("flows", {column: private, "client_ip": public})
    assert found[column].category != "user.device.ip_address"
    assert found["client_ip"].category == "user.device.ip_address"
    assert scanner.findings("flows", {"ip": private})["ip"].category == "user.device.ip_address"


def test_a_tenant_with_a_long_key_is_an_organisation(scanner):
    """A cloud's tenants have keys; those who rent flats have numbers."""
    keys = [str(uuid.UUID(int=(i + 3) * 7919 << 64 | 5)) for i in range(N)]
    assert not scanner.findings("sign_ins", {"tenant_id": keys})["tenant_id"].category
    numbers = {"tenant_id": [4000 + 3 * i for i in range(N)]}
    assert scanner.findings("leases", numbers)["tenant_id"].category == "user.unique_id"


def test_fields_of_what_ran_are_told_from_who_asked():
    """Elastic and OpenTelemetry keep them under names of their own."""
    for column in ("host.name", "k8s.pod", "service.version", "agent.id", "container.image"):
        assert of_what_ran(column)
    for column in ("user.name", "client.ip", "host", "url.path", "hostess.name"):
        assert not of_what_ran(column)


def test_a_number_without_an_address_is_no_street(scanner, made):
    """`apt_num` is an appointment's in a clinic, and a flat's beside a street."""
    numbers = [1000 + 3 * i for i in range(N)]
    alone = scanner.findings("procedures", {"apt_num": numbers, "fee": [100] * N})
    assert alone["apt_num"].category != "user.contact.address.street"


def test_four_digits_under_a_persons_number_are_no_postcode(scanner, made):
    """Every second number of four digits is somebody's postcode as well."""
    codes = [code for code, _ in made.codes[300 : 300 + 2 * N : 2]]
    found = scanner.findings("logins", {"user_id": codes, "city": ["Oslo"] * N})
    assert found["user_id"].category == "user.unique_id"


def test_rows_with_whole_names_are_numbered_whatever_their_table_is_called(scanner, made):
    """A number of each row is its person's; that of an entry is what somebody wrote."""
    rows = {
        "LName": made.many(made.last, N),
        "FName": made.many(made.first, N),
        "NationalProvID": [6_000_000 + 7919 * i for i in range(N)],
        "Entry Id": [3000 + 11 * i for i in range(N)],
    }
    found = scanner.findings("provider", rows)
    assert found["NationalProvID"].category == "user.unique_id"
    assert found["Entry Id"].category != "user.unique_id"
