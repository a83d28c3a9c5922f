"""Downloads: outputs in their formats, packages as Designer writes them."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

import pytest

from apps.emulator import packages
from apps.emulator.emulator import Emulator
from apps.emulator.jobs import Output
from apps.emulator.options import Generation
from apps.emulator.workflow import InterfaceTool, Kind
from tests.emulator.samples import ECHO, PACKAGES, Client, MakeGallery, classic, web


def output_path(gallery: Emulator, client: Client) -> str:
    """Run the echo and return the path of its output."""
    client.post(f"v1/workflows/{gallery.workflow_id('echo')}/jobs", {})
    job = gallery.finish()
    return f"v1/jobs/{job.id}/output/{job.outputs[0].id}"


def test_each_format_gives_the_bytes_of_its_file(old: Emulator) -> None:
    for client in (classic(old), web(old)):
        path = output_path(old, client)
        files = old.jobs[-1].outputs[0].files
        for name in ("Raw", "Csv", "csv"):
            answer = client.get(path, format=name)
            wanted = files[name.capitalize()].read_bytes()
            assert answer.content == wanted
            assert answer.headers["Content-Length"] == str(len(wanted))
            assert answer.headers["Content-Type"] == "application/octet-stream"
        named = client.get(path, format="Csv").headers["Content-Disposition"]
        assert named.startswith('attachment; filename="echo.csv"')


def test_a_format_is_required_only_at_the_newer_address(old: Emulator) -> None:
    path = output_path(old, classic(old))
    raw = old.jobs[0].outputs[0].files["Raw"].read_bytes()
    assert classic(old).get(path).content == raw
    answer = web(old).get(path)
    assert (answer.status_code, list(answer.json()["modelState"])) == (400, ["format"])


def test_a_format_not_offered_is_refused(make_gallery: MakeGallery) -> None:
    gallery = make_gallery()
    path = output_path(gallery, web(gallery))
    assert web(gallery).get(path, format="Pdf").status_code == 400
    gallery.options.unknown_format_status = 404
    assert web(gallery).get(path, format="Pdf").status_code == 404


def test_how_a_download_is_labelled_is_an_option(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2025, "download_type=by-name")
    path = output_path(gallery, web(gallery))
    headers = web(gallery).get(path, format="Csv", attachment="false").headers
    assert headers["Content-Type"] == "text/csv"
    assert headers["Content-Disposition"].startswith("inline;")
    gallery.options.download_disposition = "none"
    assert "Content-Disposition" not in web(gallery).get(path, format="Csv").headers


def test_a_name_cannot_break_out_of_its_header(new: Emulator) -> None:
    path = output_path(new, web(new))
    output = new.jobs[0].outputs[0]
    new.jobs[0].outputs[0] = Output(output.id, 'a"\r\nX-Evil: 1\r\n/ü\\.json', output.files)
    answer = web(new).get(path, format="Raw")
    assert "X-Evil" not in answer.headers
    assert "UTF-8''" in answer.headers["Content-Disposition"]


def test_a_file_that_was_cleaned_up_is_unknown(new: Emulator) -> None:
    path = output_path(new, web(new))
    new.jobs[0].outputs[0].files["Raw"].unlink()
    assert web(new).get(path, format="Raw").status_code == 404


def test_there_is_nothing_to_fetch_before_the_end(new: Emulator) -> None:
    new.hold()
    web(new).post(f"v1/workflows/{new.workflow_id('echo')}/jobs", {})
    path = f"v1/jobs/{new.jobs[0].id}/output/unknown"
    assert web(new).get(path, format="Raw").status_code == 404


def test_a_package_is_a_zip_with_the_apps_xml(old: Emulator) -> None:
    workflow_id = old.workflow_id("echo")
    signed = classic(old).get(f"v1/{workflow_id}/package/")
    plain = web(old).get(f"v1/workflows/{workflow_id}/package")
    assert signed.content == plain.content
    assert "Content-Disposition" not in signed.headers
    assert 'filename="Echo.yxzp"' in plain.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(plain.content)) as archive:
        assert archive.namelist() == ["Echo.yxwz"]
        root = ET.fromstring(archive.read("Echo.yxwz"))
    assert root.findtext("./Properties/RuntimeProperties/ModuleType") == "Wizard"


def questions_of(*tools: InterfaceTool) -> ET.Element:
    workflow = ECHO if not tools else type(ECHO)("x", "X", "", ECHO.run, tools)
    root = ET.fromstring(packages.document(workflow, "Echo.yxwz"))
    found = root.find("./Properties/RuntimeProperties/Questions")
    assert found is not None
    return found


def find(root: ET.Element, name: str) -> ET.Element:
    return next(q for q in root.iter("Question") if q.findtext("Name") == name)


def children(question: ET.Element) -> list[str | None]:
    return [inner.findtext("Name") for inner in question.findall("./Questions/Question")]


def setting(question: ET.Element, tag: str) -> str | None:
    found = question.find(tag)
    return None if found is None else found.get("value", found.text)


def test_the_xml_holds_the_layout_the_api_hides() -> None:
    root = questions_of()
    tabs = {q.findtext("Description"): q for q in root.findall("Question")}
    assert {q.findtext("Type") for q in tabs.values()} == {"Tab"}
    assert list(tabs) == ["Sales", "Questions"]
    group = next(q for q in root.iter("Question") if q.findtext("Description") == "How")
    assert group.findtext("Type") == "LabelGroup"
    assert children(group) == ["By store", "By city"]
    assert children(find(root, "By city")) == ["City"]
    assert setting(find(root, "By city"), "Collapsable") == "True"
    assert setting(find(root, "By store"), "Collapsable") == "False"


def test_the_xml_holds_limits_and_flags() -> None:
    root = questions_of()
    top = find(root, "Top")
    wanted = {"Minimum": "1", "Maximum": "100", "Increment": "0.5", "Default": "10"}
    assert {tag: setting(top, tag) for tag in wanted} == wanted
    assert setting(top, "Decimals") == "1"
    assert setting(find(root, "Note (2)"), "Multiline") == "True"
    assert find(root, "Note (2)").findtext("Default") == "x & <y>"
    assert setting(find(root, "Secret"), "Password") == "True"
    assert setting(find(root, "Secret"), "Hidden") == "True"
    assert setting(find(root, "Products"), "Multiple") == "True"
    lines = (find(root, "Products").findtext("Manual_Values") or "").splitlines()
    assert lines == ["Tea:T1", "Coffee:C1", "Milk: fresh:Milk: fresh"]
    assert setting(find(root, "Only some"), "Default") == "True"


def test_every_tool_has_a_number_of_its_own_and_a_place_on_the_canvas() -> None:
    root = ET.fromstring(packages.document(ECHO, "Echo.yxwz"))
    numbers = [
        setting(q, "ToolId")
        for q in root.iterfind("./Properties/RuntimeProperties/Questions//Question")
    ]
    assert len(set(numbers)) == len(numbers)
    assert [node.get("ToolID") for node in root.iterfind("./Nodes/Node")] == numbers


def test_a_tool_inside_a_tool_nobody_has_is_still_there() -> None:
    root = questions_of(InterfaceTool("A", Kind.DATE, inside="Nobody"))
    assert find(root, "A") is not None


@pytest.mark.skipif(not PACKAGES.is_dir(), reason=f"no real packages at {PACKAGES}")
def test_settings_are_written_like_designer_writes_them() -> None:
    ours = questions_of()
    for name, kinds in (
        ("Cleanse.yxmc", {"BooleanGroup", "ListBox", "Tab", "LabelGroup"}),
        ("CreateSet.yxmc", {"NumericUpDown"}),
        ("Publish Workflow.yxmc", {"TextBox", "RadioGroup"}),
    ):
        root = ET.parse(PACKAGES / name).getroot()
        for kind in kinds:
            theirs = next(q for q in root.iter("Question") if q.findtext("Type") == kind)
            mine = next(q for q in ours.iter("Question") if q.findtext("Type") == kind)
            fields = [child.tag for child in theirs if not child.tag.startswith(("Mac", "Field"))]
            if kind == "ListBox":
                fields = ["Type", "Description", "Name", "ToolId", "Multiple", "Mode"]
            assert set(fields) <= {child.tag for child in mine}, kind
