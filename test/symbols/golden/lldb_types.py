# Prints what LLDB says about the layout of a module's types, one JSON object a line; see build.mjs.
import json
import os

import lldb


def described(of):
    name = of.GetName()
    found = {"name": name, "size": of.GetByteSize()}
    if of.GetTypeClass() == lldb.eTypeClassEnumeration:
        members = of.GetEnumMembers()
        found["enumerators"] = [
            [members.GetTypeEnumMemberAtIndex(i).GetName(), str(members.GetTypeEnumMemberAtIndex(i).GetValueAsSigned())]
            for i in range(members.GetSize())
        ]
        return found
    virtual = {of.GetVirtualBaseClassAtIndex(i).GetType().GetName() for i in range(of.GetNumberOfVirtualBaseClasses())}
    bases = [of.GetDirectBaseClassAtIndex(i) for i in range(of.GetNumberOfDirectBaseClasses())]
    found["bases"] = [
        [base.GetType().GetName(), base.GetOffsetInBytes()]
        for base in bases
        if base.GetType().GetName() not in virtual
    ]
    fields = [of.GetFieldAtIndex(i) for i in range(of.GetNumberOfFields())]
    found["fields"] = [
        [field.GetName(), field.GetOffsetInBits(), field.GetBitfieldSizeInBits(), field.GetType().GetByteSize()]
        for field in fields
    ]
    return found


kinds = lldb.eTypeClassStruct | lldb.eTypeClassClass | lldb.eTypeClassUnion | lldb.eTypeClassEnumeration
debugger = lldb.SBDebugger.Create()
target = debugger.CreateTarget(os.environ["MODULE"])
with open(os.environ["TYPES"], "w") as out:
    for of in target.GetModuleAtIndex(0).GetTypes(kinds):
        if of.IsTypeComplete() and of.GetName():
            out.write(json.dumps(described(of)) + "\n")
