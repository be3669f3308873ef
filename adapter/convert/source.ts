import type { DebugProtocol } from "@vscode/debugprotocol";
import type { ClientFacts } from "../protocol/client.ts";
import { nameOf, toClientPath } from "./path.ts";

/** Where the text of a source is, as far as the client is concerned. */
export interface SourcePlace {
  /** On this machine if the file exists; else as the debug info has it. */
  readonly path: string;
  /** What the client asks for the text with, where it cannot open `path` itself. */
  readonly reference?: number;
  /** Of the text that was compiled: 32 hex digits of MD5, where the debug info has that. */
  readonly md5?: string | undefined;
  /** Whether the text can be had at all. */
  readonly hasText: boolean;
  /** Whether it is no source but the code of a function as text. */
  readonly isListing?: boolean;
}

/** A source for the client: a file it opens, a text it asks for, or a name it cannot show. */
export function toSource(client: ClientFacts, place: SourcePlace): DebugProtocol.Source {
  const source: DebugProtocol.Source = {
    ...{ name: nameOf(place.path), path: toClientPath(client, place.path) },
    ...(place.md5 === undefined ? {} : { checksums: [{ algorithm: "MD5", checksum: place.md5 }] }),
  };
  if (place.reference === undefined) return source;
  if (place.isListing) return { ...source, sourceReference: place.reference, origin: "listing of the code" };
  return {
    ...source,
    sourceReference: place.reference,
    ...(place.hasText ? { origin: "embedded in the debug info" } : { presentationHint: "deemphasize" }),
  };
}
