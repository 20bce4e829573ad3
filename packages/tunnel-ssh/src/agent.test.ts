import type { AgentSpec } from '@heddle/core';
import { expect, test } from 'vitest';
import { makeAgent } from './agent.js';
import { credentialsOf } from './credentials.js';
import { parseSessionConfig } from './session-config.js';

const spec: AgentSpec = {
  image: 'registry.example/agent:1',
  secretName: 'heddle-abc',
  ports: [
    { name: 'http', port: 8080 },
    { name: 'grpc', port: 9090 },
  ],
  permitOpen: [{ host: 'tomcat.mesh-demo.svc.cluster.local', port: 8080 }],
};
const decode = (value: string | undefined) => Buffer.from(value ?? '', 'base64').toString();

test('the container is dialled on the port of its sshd, and asks for its ports when it is asked whether it is ready', () => {
  expect(makeAgent(spec)).toMatchObject({
    port: 2222,
    container: {
      ports: [{ name: 'heddle-ssh', containerPort: 2222 }, { containerPort: 8080 }, { containerPort: 9090 }],
      securityContext: { runAsUser: 10_022 },
      readinessProbe: { exec: { command: ['/etc/heddle/ready', '8080', '9090'] } },
      volumeMounts: [{ mountPath: '/etc/heddle/session' }],
    },
  });
});

test('the Secret allows the ports and the pair, and holds the halves that the pod needs', () => {
  const { secretData, credentials } = makeAgent(spec);
  expect(parseSessionConfig(decode(secretData['session.conf']))).toEqual({
    port: 2222,
    permitListen: [8080, 9090],
    permitOpen: spec.permitOpen,
  });
  const { clientPublic, clientKey, hostPublic } = credentialsOf(credentials);
  expect(decode(secretData.authorized_keys)).toBe(`ssh-ed25519 ${clientPublic.toString('base64')}\n`);
  expect(decode(secretData.host_key)).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
  expect(hostPublic.equals(clientPublic)).toBe(false);
  // The client's private half is nowhere but in its KeyObject, which does not print itself.
  const seed = Buffer.from(clientKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  expect(seed).toHaveLength(32);
  for (const value of Object.values(secretData)) {
    expect(Buffer.from(value, 'base64').includes(seed)).toBe(false);
    expect(decode(value)).not.toContain(seed.toString('base64'));
  }
  expect(JSON.stringify(credentials)).not.toContain(clientKey.export({ format: 'jwk' }).d);
});

test('every session has keys of its own', () => {
  const [one, two] = [makeAgent(spec), makeAgent(spec)];
  expect(one.secretData.authorized_keys).not.toBe(two.secretData.authorized_keys);
  expect(one.secretData.host_key).not.toBe(two.secretData.host_key);
});

test("sshd steps aside when the session's ports include its own", () => {
  const agent = makeAgent({ ...spec, ports: [{ name: 'http', port: 2222 }] });
  expect(agent.port).toBe(2223);
  expect(parseSessionConfig(decode(agent.secretData['session.conf']))).toMatchObject({ port: 2223, permitListen: [2222] });
});
