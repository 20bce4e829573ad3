import { type Duplex, PassThrough } from 'node:stream';

/** The authority of a mirrored copy: the suffix stands before the port, behind addresses too. Observed with Envoy 1.40. */
export function mirroredAuthority(authority: string, suffix: string): string {
  const [, host = '', port = ''] = /^(.*?)(:\d+)?$/.exec(authority) ?? [];
  return `${host}${suffix}${port}`;
}

/** A request as it passes: its head, and whatever the client still sends, from now on until it goes. */
export function tap(client: Duplex, head: string): PassThrough {
  const copy = new PassThrough();
  copy.write(head, 'latin1');
  client.on('data', (chunk: Buffer) => void copy.write(chunk));
  client.once('close', () => copy.end());
  return copy;
}
