import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { PodRef } from '@heddle/core';
import type { ClientOptions, WebSocket } from 'ws';
import type { Act } from '../api/act.js';
import { resourcePath } from '../api/paths.js';
import { statusError, wordsOf } from '../api/status-error.js';
import { createDeadline, type Deadline, orAbort } from '../transport/deadline.js';
import { bodyOf } from '../transport/exchange.js';
import { connectionError, requestTimeout } from '../transport/failures.js';
import type { Transport } from '../transport/transport.js';
import { PROTOCOL } from './channels.js';
import { PortStream, type PortStreamOptions } from './port-stream.js';
import { portLost, portRefused } from './refusal.js';

/**
 * Opens a stream to a port of a pod: a WebSocket of its own on the API server's port-forward. Resolves when the kubelet has
 * answered; that nothing listens in the pod is an error of the stream, which comes a moment later.
 */
export async function openPort(transport: Transport, pod: PodRef, port: number, outer: AbortSignal): Promise<Duplex> {
  const { place, timing, credentials } = transport;
  const deadline = createDeadline(timing.request, outer);
  const words = `reach port ${port} of pod ${pod.namespace}/${pod.name}`;
  const act: Act = {
    words,
    // A GET, for which a server up to 1.34 wants `get` and later ones `create`.
    right: { verb: 'create', group: '', resource: 'pods', subresource: 'portforward', namespace: pod.namespace },
    ref: { apiVersion: 'v1', kind: 'Pod', namespace: pod.namespace, name: pod.name },
  };
  try {
    outer.throwIfAborted();
    for (let attempt = 1; ; attempt += 1) {
      const reply = await upgrade(transport, pod, port, deadline);
      if (reply instanceof PortStream) return reply;
      const { statusCode: status = 0, headers } = reply;
      const text = await bodyOf(reply);
      if (status === 401 && attempt === 1 && credentials.forget()) continue;
      const said = wordsOf({ status, headers, text });
      // Of a pod that does not run, the API server says 400 or passes on the kubelet's 500.
      if (said !== undefined && (status === 400 || status === 500)) throw portRefused(said, { pod, port }, status);
      throw statusError({ status, headers, text }, act, place);
    }
  } catch (error) {
    if (outer.aborted) throw outer.reason;
    if (deadline.passed()) throw requestTimeout(place, words, timing.request);
    if (error instanceof Error && '$$type' in error) throw error;
    throw connectionError(error, place, words);
  } finally {
    deadline.stop();
  }
}

/** One attempt: the stream, or the answer of a server that does not upgrade. */
async function upgrade(transport: Transport, pod: PodRef, port: number, deadline: Deadline): Promise<PortStream | IncomingMessage> {
  deadline.stop();
  const given = await orAbort(transport.credentials.get(), deadline.signal);
  deadline.start();
  const path = resourcePath({ apiVersion: 'v1', plural: 'pods', ...pod, subresource: 'portforward' });
  const { cert, key } = given;
  const { WebSocket } = await import('ws');
  const options: ClientOptions = {
    ...(await transport.tls()),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    agent: transport.agents.upgrades,
    headers: { 'User-Agent': transport.userAgent, ...(given.headers as Record<string, string>) },
    perMessageDeflate: false,
    ...(transport.server.protocol === 'https:' ? { generateMask: noMask } : {}),
  };
  const socket = new WebSocket(transport.url(path, { ports: String(port) }), PROTOCOL, options);
  try {
    return await orAbort(opened(socket, portOptions(transport, pod, port)), deadline.signal);
  } catch (error) {
    socket.on('error', () => {});
    socket.terminate();
    throw error;
  }
}

/**
 * Masking keeps chosen bytes out of the sight of proxies that misread plain HTTP (RFC 6455, 10.3). Inside of TLS nobody sees them, and
 * without the work a stream is 1.6 times as fast (measured through a kubelet).
 */
function noMask(mask: Buffer): void {
  mask.fill(0);
}

function portOptions({ place, timing }: Transport, pod: PodRef, port: number): PortStreamOptions {
  const target = { pod, port };
  return {
    ping: timing.ping,
    refused: (words) => portRefused(words, target),
    lost: (words) => portLost(words, target, place),
  };
}

/** The stream listens from the moment of the upgrade on: the first messages may have come in the same packet. */
function opened(socket: WebSocket, options: PortStreamOptions): Promise<PortStream | IncomingMessage> {
  return new Promise((resolve, reject) => {
    socket.once('unexpected-response', (_request, response) => resolve(response));
    socket.once('error', reject);
    socket.once('open', () => {
      socket.off('error', reject);
      const stream = new PortStream(socket, options);
      stream.once('error', reject);
      stream.once('ready', () => {
        // From here on its errors are its reader's; before, also those of a socket that was given up, they were ours.
        stream.off('error', reject);
        resolve(stream);
      });
    });
  });
}
