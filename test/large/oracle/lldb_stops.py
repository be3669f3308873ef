"""For lldb-22: runs a program to places in its source and writes what is seen there, as JSON.

`ORACLE` in the environment is JSON: `program`, `stops` (each with `file`, `line` and `hit`), `output`. Addresses are left
out: of a pointer, only whether it is null and what it leads to is written down.
"""

import json
import os

import lldb

FRAMES = 3
DEPTH = 1
MOST_CHILDREN = 24
MOST_TEXT = 60

def scalar(value, kind):
    """A scalar by its kind, or None for what is not one."""
    basic = kind.GetBasicType()
    if kind.GetTypeClass() == lldb.eTypeClassEnumeration:
        return {"enum": value.GetValue()}
    if basic == lldb.eBasicTypeBool:
        return {"bool": value.GetValueAsUnsigned() != 0}
    if basic in (lldb.eBasicTypeFloat, lldb.eBasicTypeDouble):
        return {"float": value.GetValue()}
    if kind.GetTypeClass() == lldb.eTypeClassBuiltin and kind.GetByteSize() <= 8:
        number = (
            value.GetValueAsUnsigned()
            if kind.GetTypeFlags() & lldb.eTypeIsSigned == 0
            else value.GetValueAsSigned()
        )
        return {"int": str(number)}
    return None


def text_at(value):
    """The text that a pointer leads to, up to its zero byte."""
    error = lldb.SBError()
    process = value.GetProcess()
    data = process.ReadMemory(value.GetValueAsUnsigned(), MOST_TEXT, error)
    if not error.Success():
        return None
    end = data.find(b"\0")
    return data[:end].hex() if end >= 0 else None


def pointer(value, kind, depth):
    address = value.GetValueAsUnsigned()
    if address == 0:
        return {"null": True}
    pointee = kind.GetPointeeType().GetCanonicalType().GetUnqualifiedType()
    if pointee.IsFunctionType():
        symbol = value.GetTarget().ResolveLoadAddress(address).GetFunction()
        return {"function": symbol.GetName()}
    if pointee.GetBasicType() == lldb.eBasicTypeChar:
        return {"text": text_at(value)}
    seen = {"null": False}
    if pointee.GetTypeClass() in (lldb.eTypeClassStruct, lldb.eTypeClassClass) and depth > 0:
        seen["members"] = members(value.Dereference().GetNonSyntheticValue(), depth - 1)
    return seen


def members(value, depth):
    found = {}
    for index in range(min(value.GetNumChildren(), MOST_CHILDREN)):
        child = value.GetChildAtIndex(index)
        name = child.GetName()
        if name and name.isidentifier():
            found[name] = seen_of(child, depth)
    return found


def of_library(kind):
    name = kind.GetName()
    return name.startswith(("std::", "__gnu_cxx::"))


def seen_of(value, depth):
    if not value.IsValid() or value.GetError().Fail():
        return {"unavailable": True}
    raw = value.GetNonSyntheticValue()
    kind = raw.GetType().GetCanonicalType().GetUnqualifiedType()
    if kind.IsReferenceType():
        raw = raw.Dereference()
        value = raw
        kind = raw.GetType().GetCanonicalType().GetUnqualifiedType()
    if kind.IsPointerType():
        return pointer(raw, kind, depth)
    single = scalar(raw, kind)
    if single is not None:
        return single
    family = kind.GetTypeClass()
    if family == lldb.eTypeClassArray:
        size = kind.GetByteSize()
        element = kind.GetArrayElementType().GetCanonicalType()
        if element.GetTypeClass() == lldb.eTypeClassBuiltin and element.GetByteSize() > 0:
            first = [scalar(raw.GetChildAtIndex(i), element) for i in range(min(8, raw.GetNumChildren()))]
            return {"array": raw.GetNumChildren(), "first": first}
        return {"array": raw.GetNumChildren()}
    if of_library(kind):
        return {"library": value.GetSummary()}
    if family in (lldb.eTypeClassStruct, lldb.eTypeClassClass) and depth > 0:
        return {"members": members(raw, depth - 1)}
    return {}


def frame_of(frame):
    entry = frame.GetLineEntry()
    found = {
        "function": frame.GetFunctionName(),
        "file": entry.GetFileSpec().GetFilename(),
        "line": entry.GetLine(),
        "locals": {},
    }
    for value in frame.GetVariables(True, True, False, True):
        # What is declared further down has no value yet; an outer one of the same name is hidden.
        if value.GetDeclaration().GetLine() >= entry.GetLine() and value.GetValueType() == lldb.eValueTypeVariableLocal:
            continue
        name = value.GetName()
        if name in found["locals"] or not name:
            continue
        found["locals"][name] = seen_of(value, DEPTH)
    return found


def run(debugger, order):
    debugger.SetAsync(False)
    target = debugger.CreateTarget(order["program"])
    seen = []
    for stop in order["stops"]:
        point = target.BreakpointCreateByLocation(stop["file"], stop["line"])
        point.SetIgnoreCount(stop["hit"] - 1)
        process = target.LaunchSimple(None, None, os.getcwd())
        thread = process.GetSelectedThread()
        if process.GetState() != lldb.eStateStopped:
            raise RuntimeError("%s:%d is not reached %d times" % (stop["file"], stop["line"], stop["hit"]))
        frames = [thread.GetFrameAtIndex(i) for i in range(thread.GetNumFrames())]
        names = [frame.GetFunctionName() for frame in frames]
        end = names.index("main") + 1
        seen.append({**stop, "stack": names[:end], "frames": [frame_of(one) for one in frames[: min(FRAMES, end)]]})
        process.Kill()
        target.BreakpointDelete(point.GetID())
    return seen


def __lldb_init_module(debugger, _):
    order = json.loads(os.environ["ORACLE"])
    debugger.HandleCommand("settings set target.disable-aslr false")
    seen = run(debugger, order)
    with open(order["output"], "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(one) for one in seen) + "\n]\n")
