import type { FrameNames } from "../frame-names.ts";
import type { StaticValue } from "./static-place.ts";

/** What an expression can know at a place in the code before the guest comes there. Reads nothing of the guest. */
export interface StaticNames
  extends Pick<
    FrameNames,
    | "types"
    | "language"
    | "findType"
    | "describeName"
    | "suggestName"
    | "functionsNamed"
    | "methodsOf"
    | "isTypeName"
    | "isVariable"
  > {
  /** As `FrameNames.findValue`. */
  findStatic(name: string, from: "frame" | "globals"): StaticValue | undefined;
  /** Whether the frame has an object whose members a name could be: `this`, `self`. */
  readonly hasObject: boolean;
}
