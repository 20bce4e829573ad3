import type { AgentSpec } from '@heddle/core';
import { expect, test } from 'vitest';
import { parseSettings } from './agent/settings.js';
import { credentialsOf } from './credentials.js';
import { makeAgent } from './make-agent.js';

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

test('the container asks for its ports when it is asked whether it is ready', () => {
  expect(makeAgent(spec).container).toMatchObject({
    name: 'heddle-agent',
    readinessProbe: { exec: { command: ['/opt/heddle/ready', '8080', '9090'] }, periodSeconds: 1 },
    volumeMounts: [{ mountPath: '/etc/heddle/session', readOnly: true }],
  });
});

test('the Secret has the token and what the agent may do', () => {
  const { secretData, credentials, port } = makeAgent(spec);
  expect(parseSettings(decode(secretData['settings.json']))).toEqual({
    controlPort: port,
    permitListen: [8080, 9090],
    permitOpen: spec.permitOpen,
  });
  expect(decode(secretData.token)).toBe(credentialsOf(credentials).token().toString('base64url'));
});

test.for([
  'null',
  '{}',
  '{"controlPort":0,"permitListen":[],"permitOpen":[]}',
  '{"controlPort":1,"permitListen":["8080"],"permitOpen":[]}',
  '{"controlPort":1,"permitListen":[],"permitOpen":[null]}',
  '{"controlPort":1,"permitListen":[],"permitOpen":[{"host":"a","port":70000}]}',
])('the agent does not start with settings %s', (text) => {
  expect(() => parseSettings(text)).toThrow('settings.json: expected');
});
