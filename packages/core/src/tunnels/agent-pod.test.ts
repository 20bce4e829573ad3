import { describe, expect, it } from 'vitest';
import type { AgentSpec } from '../contracts/tunnel-provider.js';
import { tunnelAuthError, tunnelRefusedError } from './agent-errors.js';
import { type AgentImage, agentFiles, agentPod, agentPort } from './agent-pod.js';

const image: AgentImage = { uid: 10_022, session: '/session', ready: '/bin/ready', controlPort: 'control', memory: '32Mi' };
const spec: AgentSpec = {
  image: 'registry.example/agent:1',
  secretName: 'heddle-abc',
  ports: [
    { name: 'http', port: 8080 },
    { name: 'grpc', port: 9090 },
  ],
  permitOpen: [],
};

describe('the pod of an agent', () => {
  it('has what PodSecurity restricted asks for, and limits', () => {
    const { container, volumes } = agentPod(spec, image, 2222, {});
    expect(container).toMatchObject({
      name: 'heddle-agent',
      image: 'registry.example/agent:1',
      ports: [{ name: 'control', containerPort: 2222 }, { containerPort: 8080 }, { containerPort: 9090 }],
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10_022,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      },
      resources: { requests: { cpu: expect.any(String), memory: '32Mi' }, limits: { cpu: expect.any(String), memory: expect.any(String) } },
      readinessProbe: { exec: { command: ['/bin/ready', '8080', '9090'] }, periodSeconds: 1 },
      volumeMounts: [{ name: 'heddle-agent', mountPath: '/session', readOnly: true }],
    });
    expect(volumes).toEqual([{ name: 'heddle-agent', secret: { secretName: 'heddle-abc', defaultMode: 0o444 } }]);
  });

  it('pulls the image as it is told, and as the cluster does when nothing is said', () => {
    expect(agentPod(spec, image, 2222, {}).container).not.toHaveProperty('imagePullPolicy');
    expect(agentPod({ ...spec, imagePullPolicy: 'Never' }, image, 2222, {}).container).toMatchObject({ imagePullPolicy: 'Never' });
  });

  it('gives the program the files that its Secret was made of', () => {
    const { container, secretData } = agentPod(spec, image, 2222, { token: 'ä', settings: '{}' });
    const secret = Object.fromEntries(Object.entries(secretData).map(([name, data]) => [name, Buffer.from(data, 'base64')]));
    const context = { pod: { spec: { containers: [{ name: 'app' }, container] } }, secrets: { other: {}, it: secret }, dial: () => never };
    expect(agentFiles(context, ['token', 'settings'])).toEqual({ token: 'ä', settings: '{}' });
    expect(agentFiles(context, ['token', 'key'])).toBeUndefined();
    expect(agentFiles({ ...context, pod: { spec: { containers: [{ name: 'app' }] } } }, ['token'])).toBeUndefined();
  });
});

const never = Promise.reject(new Error('nobody dials'));
never.catch(() => {});

describe('the port that an agent is dialled on', () => {
  it('is beside those of the session', () => {
    expect(agentPort(spec)).toBe(2222);
    expect(agentPort({ ...spec, ports: [2223, 2222].map((port) => ({ name: `p${port}`, port })) })).toBe(2224);
  });

  it('is none when a port of the session needs a privilege', () => {
    expect(() => agentPort({ ...spec, ports: [{ name: 'http', port: 80 }] })).toThrow('expected ports from 1024 on, received 80');
  });
});

it('errors after which another attempt cannot help have the codes of the contract', () => {
  expect(tunnelAuthError('a', new Error('b'))).toMatchObject({
    code: 'tunnel-auth',
    exit: 'cluster',
    message: 'a',
    cause: { message: 'b' },
  });
  expect(tunnelRefusedError('a')).toMatchObject({ code: 'tunnel-refused', exit: 'cluster', message: 'a' });
});
