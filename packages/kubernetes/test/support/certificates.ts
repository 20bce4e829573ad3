import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** Just enough DER to make a CA, server and client certificates (RFC 5280) without a program that the machine may lack. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

interface Subject {
  readonly commonName: string;
  readonly organization?: string;
}

const tlv = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = body.length;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
};
const sequence = (...parts: readonly Uint8Array[]) => tlv(0x30, ...parts);
const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'));
const utf8 = (text: string) => tlv(0x0c, Buffer.from(text));
const bits = (body: Uint8Array) => tlv(0x03, Buffer.from([0]), body);
const time = (date: Date) => tlv(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));
const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));

function nameOf({ commonName, organization }: Subject): Buffer {
  const part = (type: string, text: string) => tlv(0x31, sequence(oid(type), utf8(text)));
  return sequence(...(organization === undefined ? [] : [part('55040a', organization)]), part('550403', commonName));
}

function extension(type: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(type), ...(critical ? [tlv(0x01, Buffer.from([0xff]))] : []), tlv(0x04, value));
}

function issue(options: {
  readonly subject: Subject;
  readonly issuer: Subject;
  readonly signer?: KeyObject;
  readonly ca: boolean;
  readonly names: readonly string[];
  readonly days: number;
}): Issued & { readonly privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Date.now();
  const names = options.names.map((name) =>
    isIPv4(name) ? tlv(0x87, Buffer.from(name.split('.').map(Number))) : tlv(0x82, Buffer.from(name)),
  );
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_SHA256,
    nameOf(options.issuer),
    sequence(time(new Date(now - 7 * 86_400_000)), time(new Date(now + options.days * 86_400_000))),
    nameOf(options.subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(
      0xa3,
      sequence(
        extension('551d13', true, options.ca ? sequence(tlv(0x01, Buffer.from([0xff]))) : sequence()),
        ...(names.length === 0 ? [] : [extension('551d11', false, sequence(...names))]),
      ),
    ),
  );
  const signature = sign('sha256', body, options.signer ?? privateKey);
  const der = sequence(body, ECDSA_SHA256, bits(signature));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    privateKey,
  };
}

export interface Authority {
  readonly cert: string;
  /** `days`: how long it is valid from now on; negative for one that has expired. */
  issue(subject: Subject, options?: { readonly names?: readonly string[]; readonly days?: number }): Issued;
}

export function createAuthority(commonName: string): Authority {
  const issuer = { commonName };
  const root = issue({ subject: issuer, issuer, ca: true, names: [], days: 2 });
  return {
    cert: root.cert,
    issue: (subject, { names = [], days = 1 } = {}) => issue({ subject, issuer, signer: root.privateKey, ca: false, names, days }),
  };
}
