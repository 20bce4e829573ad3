import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const long = body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  const size = body.length < 128 ? [body.length] : long;
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}
const sequence = (...parts: readonly Buffer[]) => tlv(0x30, ...parts);
const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'));
const time = (ms: number) => tlv(0x17, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));
const DAY = 86_400_000;

/**
 * A self-signed certificate for 127.0.0.1 and localhost, made anew for each sandbox (X.509 v3, ECDSA P-256; RFC 5280).
 * kubectl sends a token over TLS only, and Node can make keys but no certificates.
 */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('2a8648ce3d040302'));
  const name = sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from('heddle sandbox')))));
  const validity = sequence(time(Date.now() - DAY), time(Date.now() + 365 * DAY));
  const isTrue = tlv(0x01, Buffer.from([255]));
  const isAuthority = sequence(oid('551d13'), isTrue, tlv(0x04, sequence(isTrue)));
  const names = sequence(tlv(0x82, Buffer.from('localhost')), tlv(0x87, Buffer.from([127, 0, 0, 1])));
  const extensions = tlv(0xa3, sequence(isAuthority, sequence(oid('551d11'), tlv(0x04, names))));
  const version = tlv(0xa0, tlv(0x02, Buffer.from([2])));
  const serial = tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)]));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const content = sequence(version, serial, algorithm, name, validity, name, key, extensions);
  const signed = sequence(content, algorithm, tlv(0x03, Buffer.from([0]), sign('sha256', content, privateKey)));
  const cert = `-----BEGIN CERTIFICATE-----\n${signed.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
  return { key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })), cert };
}
