import { createServer, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { PodContext, PodProcess, Responder } from '@heddle/core';
import { digList } from '../dig.js';
import { streamPair } from '../network/stream-pair.js';

export function refused(port: number): Error {
  return Object.assign(new Error(`connect to port ${port}: connection refused`), { code: 'ECONNREFUSED' });
}

const KEPT = 10_000;

/** A program that answers every HTTP request with one text, on the ports that its containers name (any, if they name none), and logs it. */
export function startResponder(context: PodContext, { body, calls }: Responder): PodProcess {
  const ports = digList(context.pod, 'spec.containers').flatMap((one) => digList(one, 'ports').map((port) => port.containerPort));
  const log: string[] = [];
  const server = createServer(async (message, response) => {
    message.resume();
    log.push(`${message.method} ${message.url} host=${message.headers.host}`);
    if (log.length > KEPT) log.splice(0, KEPT / 10);
    const sent = calls === undefined ? body : `${body}${await answerOf(context, calls, message)}`;
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(sent) }).end(sent);
  });
  return {
    async connect(port) {
      if (ports.length > 0 && !ports.includes(port)) throw refused(port);
      const [ours, theirs] = streamPair();
      server.emit('connection', theirs);
      return ours;
    },
    ready: () => true,
    onReadyChange: () => {},
    log: () => log,
    stop: async () => server.closeAllConnections(),
  };
}

/** What came of a call to another service, in one line. */
async function answerOf(
  { dial }: PodContext,
  { host, port, passes }: NonNullable<Responder['calls']>,
  of: IncomingMessage,
): Promise<string> {
  try {
    const stream = await dial(host, port);
    const headers = Object.fromEntries(passes.flatMap((name) => (of.headers[name] === undefined ? [] : [[name, of.headers[name]]])));
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ createConnection: () => stream, host, port, headers })
        .on('response', resolve)
        .on('error', reject)
        .end();
    });
    return `${host}: ${answer.statusCode} ${(await text(answer)).trim()}\n`;
  } catch (error) {
    return `${host}: ${(error as Error).message}\n`;
  }
}
