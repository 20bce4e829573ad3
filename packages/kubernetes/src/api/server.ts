import { ClusterError, isRecord } from '@heddle/core';
import { jsonOf, type Transport } from '../transport/transport.js';

/** `v1.36.3` */
export async function serverVersion(transport: Transport): Promise<string> {
  const act = { words: "ask for the API server's version" };
  const answer = jsonOf(await transport.send({ act, method: 'GET', path: '/version' }), act, transport.place);
  return isRecord(answer) && typeof answer.gitVersion === 'string' ? answer.gitVersion : '';
}

/** The `Date` of an answer made now, in ms; whole seconds, as the header has them. */
export async function serverTime(transport: Transport): Promise<number> {
  const { place } = transport;
  // Refused or not: the answer's date is what is wanted.
  const response = await transport.send({
    act: { words: "ask for the API server's time" },
    method: 'GET',
    path: '/version',
    expect: [403, 404],
  });
  const time = Date.parse(response.headers.date ?? '');
  if (!Number.isNaN(time)) return time;
  throw new ClusterError({
    reason: 'InvalidAnswer',
    status: response.status,
    message: `${place.server} (context "${place.context}") answers without a Date header`,
    next: ['Check that the address in the kubeconfig is that of an API server.'],
  });
}
