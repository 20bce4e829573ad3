import { sign, verify } from 'node:crypto';
import ssh2 from 'ssh2';
import { expect, test } from 'vitest';
import { generateSshKey, privateFile, publicLine, type SshKey } from './keys.js';

function parsed(text: string): ssh2.ParsedKey {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return key;
}

function check(key: SshKey): void {
  const file = parsed(privateFile(key));
  expect(file.isPrivateKey()).toBe(true);
  expect(file.type).toBe('ssh-ed25519');
  expect(file.getPublicSSH()).toEqual(key.publicBlob);
  const line = parsed(publicLine(key));
  expect(line.getPublicSSH()).toEqual(key.publicBlob);
  const words = Buffer.from('signed by the one, checked by the other');
  expect(line.verify(words, sign(null, words, key.privateKey))).toBe(true);
  expect(verify(null, words, file.getPublicPEM(), file.sign(words))).toBe(true);
}

test('both halves are read by another implementation and belong together', () => {
  for (let made = 0; made < 50; made += 1) check(generateSshKey());
});

// The defect of ssh2's own generator (mscdex/ssh2, issue 1513).
test('a public half that starts with a zero byte keeps it', () => {
  const startsWithZero = (key: SshKey) => key.publicBlob[key.publicBlob.length - 32] === 0;
  let key = generateSshKey();
  for (let made = 0; made < 20_000 && !startsWithZero(key); made += 1) key = generateSshKey();
  expect(startsWithZero(key)).toBe(true);
  expect(key.publicBlob).toHaveLength(51);
  check(key);
});
