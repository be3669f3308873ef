import { nameOf } from "../convert/path.ts";
import { threadId } from "../convert/stop.ts";
import { anyArguments } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

/** The one thread, named for the module it runs; none before there is a program and after it has ended. */
export const threads = request("threads", {
  needs: "initialized",
  arguments: anyArguments,
  async run({ program }) {
    if (program?.launched === undefined || program.ended) return { threads: [] };
    const { threads } = program.launched.debugger;
    if (threads !== undefined) return { threads: threads.map(({ number: id, name }) => ({ id, name })) };
    return { threads: [{ id: threadId, name: nameOf(program.launched.modulePath) }] };
  },
});
