import { createServer, type Server, type Socket } from "node:net";
import type { launch } from "../launch/launch.ts";
import { type Served, serve } from "./serve.ts";

/** What a server works with. */
export interface ServerParts {
  readonly launch: typeof launch;
  readonly log: (text: string) => void;
}

/** A server that takes one session from each client that connects, as many at a time as there are. */
export interface RunningServer {
  readonly port: number;
  /** Ends every session and takes no more; settles when no program is left. */
  close(): Promise<void>;
}

/** Listens. Rejects with the system's error when the port cannot be had. */
export async function startServer(port: number, host: string, parts: ServerParts): Promise<RunningServer> {
  const sessions = new Set<Served>();
  const server = createServer((socket) => {
    const session = serveSocket(socket, parts);
    sessions.add(session);
    void session.done.then(() => {
      sessions.delete(session);
      socket.destroySoon();
    });
  });
  await listen(server, port, host);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    close: async () => {
      server.close();
      await Promise.all([...sessions].map((session) => session.end()));
    },
  };
}

function serveSocket(socket: Socket, parts: ServerParts): Served {
  // An answer and the event after it are two small writes: with Nagle's algorithm the second waits some
  // 40 ms for the client's delayed acknowledgement.
  socket.setNoDelay(true);
  return serve({ input: socket, output: socket, ...parts });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
