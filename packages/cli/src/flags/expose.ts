import type { ExposedPort } from '@heddle/core';
import { cliInputError } from '../errors/cli-error.js';

const FORM = '[[HOST:]LOCAL:]PORT, several by comma';
const EXAMPLES = ['Examples: --expose 8080, --expose 3000:8080, --expose 3000:http, --expose 192.168.1.7:3000:8080, --expose 8080,9090'];

/** Where a port goes when no host is written: whichever of 127.0.0.1 and ::1 listens. */
export const LOCAL_HOST = 'localhost';

/**
 * Reads `--expose`. The last part is the service's port, a number or a name; a lone number is the local port too.
 * An IPv6 host stands in brackets. Throws `expose-invalid`.
 */
export function parseExpose(text: string): readonly ExposedPort[] {
  const ports = text.split(',').map((part) => parseOne(part.trim(), text));
  const seen = new Set<string>();
  for (const { port } of ports) {
    if (seen.has(port)) throw invalid(`each of the service's ports once`, text);
    seen.add(port);
  }
  return ports;
}

function parseOne(part: string, text: string): ExposedPort {
  const { host, rest } = splitHost(part, text);
  const pieces = rest.split(':');
  const port = pieces.at(-1) ?? '';
  const local = pieces.length > 1 ? pieces.at(-2) : undefined;
  if (pieces.length > 2 || (host !== undefined && local === undefined)) throw invalid(FORM, text);
  const number = portNumber(port);
  if (number === undefined && !isPortName(port)) throw invalid(`${FORM}, PORT being 1 to 65535 or the name of a service's port`, text);
  if (local === undefined) {
    if (number === undefined) throw invalid(`LOCAL:${port}, since a port's name does not say where it goes on this machine`, text);
    return { port, local: { host: LOCAL_HOST, port: number } };
  }
  const localNumber = portNumber(local);
  if (localNumber === undefined) throw invalid(`${FORM}, LOCAL being 1 to 65535`, text);
  return { port, local: { host: host ?? LOCAL_HOST, port: localNumber } };
}

function splitHost(part: string, text: string): { host: string | undefined; rest: string } {
  if (part.startsWith('[')) {
    const end = part.indexOf(']:');
    if (end < 2) throw invalid(`${FORM}, an IPv6 HOST in brackets`, text);
    return { host: part.slice(1, end), rest: part.slice(end + 2) };
  }
  const pieces = part.split(':');
  if (pieces.length < 3) return { host: undefined, rest: part };
  const [host = '', ...rest] = pieces;
  if (host === '') throw invalid(FORM, text);
  return { host, rest: rest.join(':') };
}

function portNumber(text: string): number | undefined {
  if (!/^[0-9]{1,5}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= 1 && number <= 65535 ? number : undefined;
}

/** A port's name in Kubernetes: up to 15 lower-case letters, digits and inner dashes, with a letter. */
function isPortName(text: string): boolean {
  return text.length <= 15 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(text) && /[a-z]/.test(text);
}

function invalid(expected: string, received: string) {
  return cliInputError('expose-invalid', { path: '--expose', expected, received: received === '' ? 'nothing' : received }, EXAMPLES);
}
