import { MalformedError } from "../../base/errors.ts";
import * as dw from "../../dwarf/constants.ts";
import type { Die } from "../../dwarf/die.ts";
import { declaredName } from "../../dwarf/qualified-name.ts";
import { readMembers } from "./members.ts";
import type {
  ArrayType,
  BaseType,
  Encoding,
  EnumerationType,
  Enumerator,
  FunctionType,
  RecordType,
  Type,
} from "./type.ts";
import { plainType } from "./type.ts";
import { readTypeArguments } from "./type-arguments.ts";
import { typeName } from "./type-name.ts";
import { readVariantPart } from "./variants.ts";
import { readVirtualFunctions } from "./virtual-functions.ts";

/** Finds the DIE that defines a record of which a unit has only a declaration. */
export type FindDefinition = (declaration: Die) => Die | undefined;

/** The types of one module, decoded from DWARF on first need and kept for the session. */
export class TypeTable {
  readonly #types = new Map<number, Type>();
  readonly #findDefinition: FindDefinition;

  constructor(findDefinition: FindDefinition) {
    this.#findDefinition = findDefinition;
  }

  /** The type that DW_AT_type of `die`, or of what it was made from, refers to; `void` without one. */
  typeOf(die: Die): Type {
    const known = this.#typesOf.get(die);
    if (known) return known;
    const found = this.#guarded(() => {
      const holder = die.holder(dw.DW_AT_type);
      if (!holder) return { kind: "void", name: "void" };
      const type = holder.reference(dw.DW_AT_type);
      return type ? this.fromDie(type) : broken("its type is not in this file");
    });
    this.#typesOf.set(die, found);
    return found;
  }
  /** Of variables, as long as whoever asks keeps them. */
  readonly #typesOf = new WeakMap<Die, Type>();

  /** The type a type's DIE describes. */
  fromDie(die: Die): Type {
    return this.#guarded(() => {
      const { offset } = die;
      const known = this.#types.get(offset);
      if (known) return known;
      const type = this.#read(die);
      this.#types.set(offset, type);
      return type;
    });
  }

  #guarded(read: () => Type): Type {
    try {
      return read();
    } catch (error) {
      if (error instanceof MalformedError) return broken("its type is malformed");
      throw error;
    }
  }

  #read(die: Die): Type {
    const table = this;
    // A unit that uses a type from a unit of its own says so in place of describing it.
    const elsewhere = die.flag(dw.DW_AT_declaration) ? die.reference(dw.DW_AT_signature) : undefined;
    if (elsewhere && elsewhere.offset !== die.offset) return this.fromDie(elsewhere);
    switch (die.tag) {
      case dw.DW_TAG_base_type:
        return {
          kind: "base",
          name: die.name ?? "(unnamed)",
          sizeBytes: sizeBytesOf(die) ?? 0,
          encoding: encodingOf(Number(die.constant(dw.DW_AT_encoding) ?? 0n)),
        };
      case dw.DW_TAG_structure_type:
        return this.#record(die, "struct");
      case dw.DW_TAG_union_type:
        return this.#record(die, "union");
      case dw.DW_TAG_class_type:
        return this.#record(die, "class");
      case dw.DW_TAG_enumeration_type:
        return this.#enumeration(die);
      case dw.DW_TAG_pointer_type:
        return this.#pointer(die, "*");
      case dw.DW_TAG_reference_type:
        return this.#pointer(die, "&");
      case dw.DW_TAG_rvalue_reference_type:
        return this.#pointer(die, "&&");
      case dw.DW_TAG_array_type:
        return this.#array(die);
      case dw.DW_TAG_subroutine_type:
      case dw.DW_TAG_subprogram:
        return this.#function(die);
      case dw.DW_TAG_typedef:
      case dw.DW_TAG_template_alias:
        return (
          this.#wideCharacter(die) ?? {
            kind: "alias",
            name: typeNameOf(die) ?? "(unnamed)",
            get target() {
              return table.typeOf(die);
            },
          }
        );
      case dw.DW_TAG_const_type:
        return this.#qualified(die, "const");
      case dw.DW_TAG_volatile_type:
        return this.#qualified(die, "volatile");
      case dw.DW_TAG_restrict_type:
        return this.#qualified(die, "restrict");
      case dw.DW_TAG_atomic_type:
        return this.#qualified(die, "_Atomic");
      case dw.DW_TAG_unspecified_type:
        return { kind: "void", name: die.name ?? "void" };
      case dw.DW_TAG_ptr_to_member_type:
        return this.#memberPointer(die);
      default:
        return broken(`its type has the unsupported tag 0x${die.tag.toString(16)}`, die.name);
    }
  }

  /** The types of wide characters, which in C are other names of integers: characters nevertheless. */
  #wideCharacter(die: Die): BaseType | undefined {
    const { name } = die;
    if (name !== "wchar_t" && name !== "char16_t" && name !== "char32_t") return undefined;
    let base: Die | undefined = die;
    for (let steps = 0; base?.tag === dw.DW_TAG_typedef && steps < maxTypedefs; steps++)
      base = base.reference(dw.DW_AT_type);
    const sizeBytes = base && sizeBytesOf(base);
    if (base?.tag !== dw.DW_TAG_base_type || (sizeBytes !== 2 && sizeBytes !== 4)) return undefined;
    const encoding = encodingOf(Number(base.constant(dw.DW_AT_encoding) ?? 0n));
    return { kind: "base", name, sizeBytes, encoding: name === "wchar_t" ? encoding : "utf" };
  }

  #record(die: Die, form: RecordType["form"]): Type {
    if (die.flag(dw.DW_AT_declaration)) {
      const definition = this.#findDefinition(die);
      if (definition && definition.offset !== die.offset) return this.fromDie(definition);
    }
    const table = this;
    let members: RecordType["members"] | undefined;
    let typeArguments: RecordType["typeArguments"];
    let virtualFunctions: RecordType["virtualFunctions"];
    let variants: { readonly part: RecordType["variants"] } | undefined;
    return {
      kind: "record",
      form,
      name: typeNameOf(die),
      keyword: hasKeywords(die) ? form : "",
      sizeBytes: sizeBytesOf(die),
      alignment: alignmentOf(die),
      language: die.unit.sourceLanguage,
      get isCopiedByCode() {
        return isCopiedByCode(die);
      },
      get members() {
        members ??= readMembers(die, (member) => table.typeOf(member));
        return members;
      },
      get typeArguments() {
        typeArguments ??= readTypeArguments(die, (argument) => table.typeOf(argument));
        return typeArguments;
      },
      get variants() {
        variants ??= { part: readVariantPart(die, (member) => table.typeOf(member)) };
        return variants.part;
      },
      get virtualFunctions() {
        virtualFunctions ??= readVirtualFunctions(die);
        return virtualFunctions;
      },
      get containingType() {
        const container = die.reference(dw.DW_AT_containing_type);
        return container && table.fromDie(container);
      },
    };
  }

  #memberPointer(die: Die): Type {
    const table = this;
    const target = table.typeOf(die);
    const size = die.unit.addressSize;
    return {
      kind: "member-pointer",
      // A member function is its table index and what to add to `this`.
      sizeBytes: plainType(target).kind === "function" ? size * 2 : size,
      target,
      get class() {
        const owner = die.reference(dw.DW_AT_containing_type);
        return owner ? table.fromDie(owner) : broken("its class is unknown");
      },
    };
  }

  #enumeration(die: Die): EnumerationType {
    const underlying = die.has(dw.DW_AT_type) ? this.typeOf(die) : undefined;
    const signedByType = underlying?.kind === "base" ? underlying.encoding.startsWith("signed") : undefined;
    const bits = underlying?.kind === "base" ? underlying.sizeBytes * 8 : undefined;
    let isSigned = signedByType ?? false;
    const enumerators: Enumerator[] = [];
    for (const child of die.children()) {
      if (child.tag !== dw.DW_TAG_enumerator || enumerators.length >= maxEnumerators) continue;
      const read =
        signedByType === false
          ? child.constant(dw.DW_AT_const_value)
          : child.signedConstant(dw.DW_AT_const_value);
      const given = read ?? 0n;
      // Some compilers write a negative one as the unsigned number of the same bits.
      const value = signedByType && bits !== undefined ? BigInt.asIntN(bits, given) : given;
      // Without an underlying type, a negative enumerator shows that the type has a sign.
      if (signedByType === undefined && value < 0n) isSigned = true;
      enumerators.push({ name: child.name ?? "(unnamed)", value });
    }
    return {
      kind: "enumeration",
      name: typeNameOf(die),
      keyword: hasKeywords(die) ? "enum" : "",
      sizeBytes: sizeBytesOf(die) ?? (underlying?.kind === "base" ? underlying.sizeBytes : 4),
      isSigned,
      enumerators,
    };
  }

  #pointer(die: Die, sigil: "*" | "&" | "&&"): Type {
    const table = this;
    return {
      kind: "pointer",
      // Rust has one kind of pointer DIE: what looks like its target to the language is told by the name.
      sigil:
        die.unit.language === dw.DW_LANG_Rust && /^&|^alloc::boxed::Box</.test(die.name ?? "") ? "&" : sigil,
      get name() {
        return die.name ?? (die.unit.sourceLanguage === "d" ? `${typeName(this.target)}*` : undefined);
      },
      sizeBytes: sizeBytesOf(die) ?? die.unit.addressSize,
      get target(): Type {
        const target = table.typeOf(die);
        return isZigText(die) && target.kind === "base" ? { ...target, encoding: "unsigned-char" } : target;
      },
    };
  }

  #qualified(die: Die, qualifier: "const" | "volatile" | "restrict" | "_Atomic"): Type {
    const table = this;
    return {
      kind: "qualified",
      qualifier,
      get target() {
        return table.typeOf(die);
      },
    };
  }

  /** One array type per dimension, the outermost first. */
  #array(die: Die): Type {
    const dimensions: Pick<ArrayType, "count" | "countVariable">[] = [];
    for (const child of die.children()) {
      if (child.tag === dw.DW_TAG_subrange_type && dimensions.length < maxDimensions)
        dimensions.push(countOf(child));
    }
    const table = this;
    const language = die.unit.sourceLanguage;
    const stride = die.constant(dw.DW_AT_byte_stride);
    let type: ArrayType = {
      kind: "array",
      get element() {
        return table.typeOf(die);
      },
      ...(dimensions.pop() ?? { count: undefined }),
      strideBytes: stride === undefined ? undefined : Number(stride),
      language,
    };
    for (const dimension of dimensions.reverse()) {
      type = { kind: "array", element: type, ...dimension, strideBytes: undefined, language };
    }
    return type;
  }

  #function(die: Die): FunctionType {
    const table = this;
    return {
      kind: "function",
      get result() {
        return table.typeOf(die);
      },
      get parameters() {
        const parameters = [...die.children()].filter((child) => child.tag === dw.DW_TAG_formal_parameter);
        return parameters.slice(0, maxParameters).map((child) => table.typeOf(child));
      },
      get isVariadic() {
        return [...die.children()].some((child) => child.tag === dw.DW_TAG_unspecified_parameters);
      },
    };
  }
}

const maxTypedefs = 8;
const maxEnumerators = 100_000;
const maxDimensions = 16;
const maxParameters = 100;

/** Whether a pointer is to bytes up to a zero, which in Zig are text as often as in C. */
const isZigText = (die: Die): boolean =>
  die.unit.sourceLanguage === "zig" && /^\??\[\*(?::0|c)\](?:const )?u8$/.test(die.name ?? "");

/** A type's name; with the namespaces and classes around it, in languages that have them. */
export function typeNameOf(die: Die): string | undefined {
  const { sourceLanguage } = die.unit;
  // Names of Zig have all around them in them.
  return sourceLanguage === "c" || sourceLanguage === "zig" ? die.name : declaredName(die);
}

function hasKeywords(die: Die): boolean {
  return die.unit.sourceLanguage === "c";
}

function alignmentOf(die: Die): number | undefined {
  const alignment = die.constant(dw.DW_AT_alignment);
  return alignment === undefined || alignment < 1n || alignment > 4096n ? undefined : Number(alignment);
}

function sizeBytesOf(die: Die): number | undefined {
  const size = die.constant(dw.DW_AT_byte_size);
  return size === undefined || size < 0n || size > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(size);
}

/** Elements of one dimension; `undefined` where the debug info does not tell. */
function countOf(die: Die): Pick<ArrayType, "count" | "countVariable"> {
  const countVariable = die.reference(dw.DW_AT_count);
  if (countVariable) return { count: undefined, countVariable };
  const count = die.constant(dw.DW_AT_count);
  const upper = die.signedConstant(dw.DW_AT_upper_bound);
  const lower = die.constant(dw.DW_AT_lower_bound) ?? 0n;
  const elements = count ?? (upper === undefined ? undefined : upper - lower + 1n);
  const isKnown = elements !== undefined && elements >= 0n && elements <= BigInt(Number.MAX_SAFE_INTEGER);
  return { count: isKnown ? Number(elements) : undefined };
}

function encodingOf(encoding: number): Encoding {
  switch (encoding) {
    case dw.DW_ATE_boolean:
      return "boolean";
    case dw.DW_ATE_signed:
      return "signed";
    case dw.DW_ATE_unsigned:
    case dw.DW_ATE_address:
      return "unsigned";
    case dw.DW_ATE_signed_char:
      return "signed-char";
    case dw.DW_ATE_unsigned_char:
      return "unsigned-char";
    case dw.DW_ATE_UTF:
    case dw.DW_ATE_UCS:
    case dw.DW_ATE_ASCII:
      return "utf";
    case dw.DW_ATE_float:
    case dw.DW_ATE_imaginary_float:
      return "float";
    case dw.DW_ATE_complex_float:
      return "complex";
    default:
      return "unknown";
  }
}

function broken(reason: string, name = "?"): Type {
  return { kind: "broken", name, reason };
}

/** With `trivial_abi` a class is handed over as it is, and yet ended by whom it is handed to: its destructor tells. */
function isCopiedByCode(die: Die): boolean {
  if (die.constant(dw.DW_AT_calling_convention) === dw.DW_CC_pass_by_reference) return true;
  for (const child of die.children())
    if (child.tag === dw.DW_TAG_subprogram && child.name?.startsWith("~")) return true;
  return false;
}
