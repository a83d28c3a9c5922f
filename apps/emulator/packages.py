"""Packages: the ``.yxzp`` of a workflow, in the form Designer writes them.

The ``.yxwz`` in it holds what the API never tells: tabs, groups, nested tools, limits.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from xml.etree import ElementTree as ET

from apps.emulator.workflow import InterfaceTool, Kind, PackageType, Workflow

_MODULE_TYPES = {
    PackageType.APP: "Wizard",
    PackageType.MODULE: "Module",
    PackageType.MACRO: "Macro",
}
_PLUGINS = {
    "Tab": "Tab.Tab",
    "LabelGroup": "LabelGroup.LabelGroup",
    Kind.TEXT_BOX: "TextBox.QuestionTextBox",
    Kind.NUMERIC_UP_DOWN: "NumericUpDown.NumericUpDown",
    Kind.DATE: "Date.Date",
    Kind.BOOLEAN_GROUP: "CheckBoxGroup.CheckBoxGroup",
    Kind.RADIO_GROUP: "RadioButtonGroup.RadioButtonGroup",
    Kind.FILE_BROWSE: "FileBrowse.FileBrowse",
    Kind.FOLDER_BROWSE: "FolderBrowse.FolderBrowse",
    Kind.TREE: "Tree.Tree",
    Kind.MAP: "Map.Map",
}
_HOLDERS = {Kind.BOOLEAN_GROUP, Kind.RADIO_GROUP}
_FIRST_FREE_ID = 900
_WRITTEN = (2024, 1, 1, 0, 0, 0)


def build(workflow: Workflow, file_name: str) -> bytes:
    """Return the package; equal for an equal workflow."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(file_name, _WRITTEN), document(workflow, file_name))
    return out.getvalue()


def document(workflow: Workflow, file_name: str) -> bytes:
    """Return the ``.yxwz`` (or ``.yxmd``, ``.yxmc``) of a workflow."""
    root = ET.Element("AlteryxDocument", yxmdVer="2023.1")
    questions = ET.Element("Questions")
    _Layout(workflow.questions).write(questions)
    _write_nodes(ET.SubElement(root, "Nodes"), questions)
    ET.SubElement(root, "Connections")
    properties = ET.SubElement(root, "Properties")
    for name, value in (("Memory", "True"), ("TempFiles", "True")):
        ET.SubElement(properties, name, default=value)
    _write_constants(ET.SubElement(properties, "Constants"), workflow.questions)
    _write_meta(ET.SubElement(properties, "MetaInfo"), workflow, file_name)
    runtime = ET.SubElement(properties, "RuntimeProperties")
    ET.SubElement(runtime, "Actions")
    runtime.append(questions)
    _text(runtime, "ModuleType", _MODULE_TYPES[workflow.package_type])
    _flag(runtime, "Wiz_ShowOutput", is_on=True)
    _text(runtime, "Wiz_ChainRunWizard", "")
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0"?>\n' + body


class _Layout:
    """Puts the flat list of tools into the tree of tabs, groups and tools that open others."""

    def __init__(self, tools: Sequence[InterfaceTool]) -> None:
        self._tools = tools
        used = {tool.tool_id for tool in tools}
        self._next_id = max([_FIRST_FREE_ID, *used]) + 1
        self._ids = {tool.name: tool.tool_id or self._take_id() for tool in tools}
        self._boxes: dict[tuple[str, ...], ET.Element] = {}
        self._holders: dict[str, ET.Element] = {}

    def write(self, root: ET.Element) -> None:
        names = {tool.name for tool in self._tools}
        for tool in self._tools:
            parent = self._holders.get(tool.inside) if tool.inside in names else None
            if parent is None:
                parent = self._box(root, tool)
            self._write_tool(parent, tool)

    def _box(self, root: ET.Element, tool: InterfaceTool) -> ET.Element:
        tab = tool.tab or "Questions"
        parent = self._open(root, "Tab", tab, (tab,))
        return (
            self._open(parent, "LabelGroup", tool.group, (tab, tool.group))
            if tool.group
            else parent
        )

    def _open(
        self, parent: ET.Element, kind: str, description: str, path: tuple[str, ...]
    ) -> ET.Element:
        if path not in self._boxes:
            element = ET.SubElement(parent, "Question")
            number = self._take_id()
            _head(element, kind, description, f"{kind} ({number})", number)
            self._boxes[path] = ET.SubElement(element, "Questions")
        return self._boxes[path]

    def _write_tool(self, parent: ET.Element, tool: InterfaceTool) -> None:
        element = ET.SubElement(parent, "Question")
        _head(element, tool.kind, tool.description, tool.name, self._ids[tool.name])
        if tool.kind in _HOLDERS:
            self._holders[tool.name] = ET.SubElement(element, "Questions")
        _SETTINGS.get(tool.kind, _no_settings)(element, tool)
        if tool.kind in _HOLDERS:
            opens = any(other.inside == tool.name for other in self._tools)
            _flag(element, "Collapsable", is_on=opens)

    def _take_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1


def _head(element: ET.Element, kind: str, description: str, name: str, number: int) -> None:
    _text(element, "Type", kind)
    _text(element, "Description", description)
    _text(element, "Name", name)
    ET.SubElement(element, "ToolId", value=str(number))


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text or None


def _flag(parent: ET.Element, tag: str, *, is_on: bool) -> None:
    ET.SubElement(parent, tag, value=str(is_on))


def _text_box(element: ET.Element, tool: InterfaceTool) -> None:
    _text(element, "Default", tool.default or "")
    _flag(element, "Password", is_on=tool.is_password)
    _flag(element, "Multiline", is_on=tool.is_multiline)
    _flag(element, "Hidden", is_on=tool.is_hidden)


def _numeric(element: ET.Element, tool: InterfaceTool) -> None:
    for tag, value, fallback in (
        ("Minimum", tool.minimum, "-2147483648"),
        ("Maximum", tool.maximum, "2147483647"),
        ("Increment", tool.increment, "1"),
        ("Default", None, tool.default or "0"),
        ("Decimals", tool.decimals, "0"),
    ):
        ET.SubElement(element, tag, value=fallback if value is None else f"{value:.15g}")


def _list_box(element: ET.Element, tool: InterfaceTool) -> None:
    _flag(element, "Multiple", is_on=bool(tool.multiple))
    if tool.multiple:
        _flag(element, "Multiple_Custom", is_on=False)
        _flag(element, "Multiple_Default", is_on=bool(tool.default))
    _text(element, "Default", tool.default or "")
    _text(element, "Mode", "Manual")
    lines = [
        i.key if i.key == i.value and ":" not in i.key else f"{i.key}:{i.value}" for i in tool.items
    ]
    _text(element, "Manual_Values", "\n".join(lines))


def _switch(element: ET.Element, tool: InterfaceTool) -> None:
    _flag(element, "Default", is_on=(tool.default or "").lower() == "true")


def _date(element: ET.Element, tool: InterfaceTool) -> None:
    _text(element, "Default", tool.default or "")


def _file(element: ET.Element, tool: InterfaceTool) -> None:
    _flag(element, "SaveAs", is_on=False)
    _text(element, "Default", tool.default or "")
    _text(element, "Mode", "Arbitrary")


def _no_settings(element: ET.Element, tool: InterfaceTool) -> None:
    """Folder browse, tree and map keep nothing a form could use."""


_SETTINGS: dict[Kind, Callable[[ET.Element, InterfaceTool], None]] = {
    Kind.TEXT_BOX: _text_box,
    Kind.NUMERIC_UP_DOWN: _numeric,
    Kind.LIST_BOX: _list_box,
    Kind.BOOLEAN_GROUP: _switch,
    Kind.RADIO_GROUP: _switch,
    Kind.DATE: _date,
    Kind.FILE_BROWSE: _file,
}


def _write_nodes(nodes: ET.Element, questions: ET.Element) -> None:
    """Write one tool on the canvas for each interface tool."""
    for column, question in enumerate(questions.iter("Question")):
        kind = question.findtext("Type", "")
        number = question.find("ToolId")
        node = ET.SubElement(
            nodes, "Node", ToolID="0" if number is None else number.get("value", "")
        )
        is_multiple = question.find("Multiple[@value='True']") is not None
        plugin = _PLUGINS.get(kind) or f"DropDownListBox.{'ListBox' if is_multiple else 'DropDown'}"
        gui = ET.SubElement(node, "GuiSettings", Plugin=f"AlteryxGuiToolkit.Questions.{plugin}")
        ET.SubElement(gui, "Position", x=str(60 * column), y="60", width="59", height="59")
        properties = ET.SubElement(node, "Properties")
        ET.SubElement(properties, "Configuration")
        annotation = ET.SubElement(properties, "Annotation", DisplayMode="0")
        _text(annotation, "Name", "")
        _text(annotation, "DefaultAnnotationText", question.findtext("Description", ""))
        _flag(annotation, "Left", is_on=False)


def _write_constants(constants: ET.Element, tools: Sequence[InterfaceTool]) -> None:
    for tool in tools:
        constant = ET.SubElement(constants, "Constant")
        _text(constant, "Namespace", "Question")
        _text(constant, "Name", tool.name)
        _text(constant, "Value", tool.default or "")
        _flag(constant, "IsNumeric", is_on=tool.kind is Kind.NUMERIC_UP_DOWN)


def _write_meta(meta: ET.Element, workflow: Workflow, file_name: str) -> None:
    _flag(meta, "NameIsFileName", is_on=file_name.rpartition(".")[0] == workflow.name)
    _text(meta, "Name", workflow.name)
    _text(meta, "Description", workflow.description)
    _text(meta, "Author", workflow.author)
    _text(meta, "Copyright", "")
    ET.SubElement(meta, "DescriptionLink", actual="", displayed="")
