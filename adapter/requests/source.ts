import { count, object, optional } from "../protocol/arguments.ts";
import { noSourceText, noSuchSource } from "../session/errors.ts";
import { request } from "../session/request.ts";
import { mappingText } from "../session/source-mapping.ts";

/** The text of a source the client cannot open as a file, or why there is none. */
export const source = request("source", {
  needs: "initialized",
  arguments: {
    sourceReference: optional(count),
    source: optional(object({ sourceReference: optional(count) })),
  },
  async run(session, { sourceReference, source }) {
    // Newer clients repeat the number in `source`; older ones send only the outer one.
    const reference = source?.sourceReference ?? sourceReference ?? 0;
    const file = session.sources.byReference(reference);
    if (file === undefined) throw noSuchSource(reference);
    const content = file.text?.();
    if (content === undefined) {
      const { sources } = session;
      const mapping = sources.mapping(file);
      throw noSourceText(file.path, sources.looked(file), mapping && mappingText(mapping));
    }
    return { content };
  },
});
