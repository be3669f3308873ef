/**
 * What a source map says about the code of one module, in flat columns: one entry per mapping segment, in rising order
 * of offset. A segment holds from its offset up to the next one's.
 */
export interface SourceMap {
  readonly sources: readonly MapSource[];
  /** Columns of the map's only line, which in a map of a Wasm module are offsets from byte 0 of its file. */
  readonly offset: Uint32Array;
  /** Index in `sources`; −1 for code that comes from no source. */
  readonly source: Int32Array;
  /** 0-based. */
  readonly line: Uint32Array;
  /** 0-based, in UTF-16 code units. */
  readonly column: Uint32Array;
  /** Index in `names`; −1 where there is none. */
  readonly name: Int32Array;
  readonly names: readonly string[];
}

/** One source of a map. */
export interface MapSource {
  /** Where it was when the module was compiled, as far as the map tells: absolute, or relative to nobody knows what. */
  readonly path: string;
  /** Its text, if the map holds it. */
  readonly text: string | undefined;
  /** Whether it belongs to a library, which nobody means who steps over a line of their own. */
  readonly isLibrary: boolean;
}
