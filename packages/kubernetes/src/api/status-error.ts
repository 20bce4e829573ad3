import type { IncomingMessage } from 'node:http';
import { ClusterError, type ClusterReason, isRecord } from '@heddle/core';
import type { Place } from '../transport/failures.js';
import { type Act, canICommand, describeAct, describeRight } from './act.js';

/** For answers without a `Status` or with an empty reason. */
const BY_CODE: Readonly<Record<number, ClusterReason>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Gone',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  502: 'ServiceUnavailable',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** An answer above 299 as an error: the server's reason and words, and what to do next. */
export function statusError(answer: Answer, act: Act, place: Place): ClusterError {
  const status = parseStatus(answer.text);
  const code = answer.status;
  const words = wordsOf(answer);
  const message = status?.message ?? `the server answered ${code}${words === undefined ? '' : `: ${words}`}`;
  return errorOf({ code, reason: status?.reason, message }, act, place);
}

/** The same from a `Status` object, as a watch delivers it. */
export function errorOf(
  said: { readonly code: number; readonly reason?: string | undefined; readonly message: string },
  act: Act,
  place: Place,
): ClusterError {
  // 410 comes as `Expired` too; core knows one word.
  const reason = said.code === 410 ? 'Gone' : said.reason || (BY_CODE[said.code] ?? 'Unknown');
  return new ClusterError({
    reason,
    status: said.code,
    message: `cannot ${describeAct(act)}: ${said.message}`,
    ...(act.ref === undefined ? {} : { ref: act.ref }),
    next: stepsFor(reason, said.message, act, place),
  });
}

/** A `Status` object's parts, if the text is one. */
export function parseStatus(text: string): { readonly reason?: string; readonly message?: string; readonly names?: string } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.kind !== 'Status') return undefined;
  const details = isRecord(value.details) ? value.details : {};
  return {
    ...(typeof value.reason === 'string' && value.reason !== '' ? { reason: value.reason } : {}),
    ...(typeof value.message === 'string' && value.message !== '' ? { message: value.message } : {}),
    ...(typeof details.name === 'string' && details.name !== '' ? { names: details.name } : {}),
  };
}

/** The words of an answer: a `Status`'s message, else the first line of a text that is no page. */
export function wordsOf({ headers, text }: Answer): string | undefined {
  const said = parseStatus(text)?.message;
  if (said !== undefined || headers['content-type']?.includes('html') === true) return said;
  const line = text.trim().split('\n', 1).join('').slice(0, 200);
  return line === '' ? undefined : line;
}

function stepsFor(reason: ClusterReason, message: string, act: Act, place: Place): readonly string[] {
  switch (reason) {
    case 'Unauthorized':
      return [`Log in again to the cluster of context "${place.context}", then repeat the command.`];
    case 'Forbidden':
      return forbiddenSteps(message, act);
    case 'Conflict':
      return ['Repeat the command: somebody changed the object in the meantime, and it is read anew.'];
    case 'ServiceUnavailable':
    case 'Timeout':
    case 'ServerTimeout':
    case 'TooManyRequests':
      return ['Try again in a moment: the API server is busy or restarting.'];
    default:
      return [];
  }
}

/** 403 comes from RBAC, and from admission too, where another right would not help. */
function forbiddenSteps(message: string, { right }: Act): readonly string[] {
  if (/is being terminated/.test(message)) return ['Wait until the namespace is gone, since it is being deleted, or use another one.'];
  if (!/ cannot \S+ (resource|path) /.test(message))
    return ["Change what the server's words name: a quota, the pod security level or an admission webhook of the cluster refuses it."];
  if (right === undefined) return ["Ask the cluster's administrator for the right to do this."];
  return [`Ask the cluster's administrator for the right to ${describeRight(right)}.`, `See whether you have it: ${canICommand(right)}`];
}
