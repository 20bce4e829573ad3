import { strict as assert } from 'node:assert';
import { PassThrough } from 'node:stream';
import { isRecord } from '@heddle/core';
import { failureOf, soon } from './expecting.js';
import { ADMIN, HTTP, podContextOf, startPod } from './test-pod.js';
import type { TunnelCase } from './tunnel-case.js';

const nowhere = () => ({ host: '127.0.0.1', port: 1 });
const forwards = [{ port: 8080, to: nowhere }];
const SPEC = { image: 'registry.example/agent:1', secretName: 'heddle-abc', ports: [HTTP, ADMIN], permitOpen: [] };

/** The pod that a session makes of what the provider says, and who may talk to what runs in it. */
export const AGENT: readonly TunnelCase[] = [
  {
    id: 'restricted',
    title: 'the container passes PodSecurity restricted, has requests and limits, and says when it is ready',
    check: async ({ provider }) => {
      const { container, volumes, port } = await provider.agent(SPEC);
      assert.equal(container.image, SPEC.image);
      assert.equal('imagePullPolicy' in container, false);
      const never = await provider.agent({ ...SPEC, imagePullPolicy: 'Never' });
      assert.equal(never.container.imagePullPolicy, 'Never');
      // Kubernetes, Pod Security Standards, restricted; the read-only root is heddle's own rule.
      const security = isRecord(container.securityContext) ? container.securityContext : {};
      const { runAsNonRoot, runAsUser, allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities, seccompProfile } = security;
      assert.deepEqual(
        { runAsNonRoot, allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities, seccompProfile },
        {
          runAsNonRoot: true,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
          seccompProfile: { type: 'RuntimeDefault' },
        },
      );
      assert(Number(runAsUser) >= 1000, 'the user is one of the system');
      for (const kind of ['requests', 'limits']) {
        const amounts = isRecord(container.resources) ? container.resources[kind] : undefined;
        assert.deepEqual(Object.keys(isRecord(amounts) ? amounts : {}).sort(), ['cpu', 'memory'], `resources.${kind}`);
      }
      assert(isRecord(container.readinessProbe) && isRecord(container.readinessProbe.exec), 'the readiness probe is no exec probe');
      assert(
        volumes.some(({ secret }) => isRecord(secret) && secret.secretName === SPEC.secretName),
        "no volume has the session's Secret",
      );
      const ports = Array.isArray(container.ports) ? container.ports.filter(isRecord).map(({ containerPort }) => containerPort) : [];
      assert.deepEqual([...ports].sort(), [8080, 9090, port].sort());
    },
  },
  {
    id: 'port-of-its-own',
    title: 'the agent steps aside when the session wants the port that it would take',
    check: async ({ provider }) => {
      const { port } = await provider.agent(SPEC);
      const agent = await provider.agent({ ...SPEC, ports: [{ name: 'same', port }] });
      assert.notEqual(agent.port, port);
    },
  },
  {
    id: 'credentials',
    title: 'every session has credentials of its own, and they do not print themselves',
    check: async ({ provider }) => {
      const [one, two] = await Promise.all([provider.agent(SPEC), provider.agent(SPEC)]);
      const values = ({ secretData }: typeof one) => new Set(Object.values(secretData));
      assert.notDeepEqual(values(one), values(two));
      const printed = JSON.stringify(one.credentials) ?? '';
      for (const value of Object.values(one.secretData)) {
        const plain = Buffer.from(value, 'base64').toString();
        assert(!printed.includes(plain) && !printed.includes(value), 'the credentials print what is in the Secret');
      }
    },
  },
  {
    id: 'own-pods',
    title: 'the in-process agent takes only pods with its container and its Secret',
    check: async ({ provider, agent: start }) => {
      const context = podContextOf(await provider.agent(SPEC));
      assert.equal(await start({ ...context, pod: { spec: { containers: [{ name: 'app' }] } } }), undefined);
      assert.equal(await start({ ...context, pod: {} }), undefined);
      assert.equal(await start({ ...context, secrets: { other: { file: Buffer.from('x') } } }), undefined);
      const process = await start(context);
      assert.equal(process?.ready(), false);
      await process?.stop();
    },
  },
  {
    id: 'ready',
    title: 'the pod is ready while every port listens, and says when that changes',
    check: async (tunnel) => {
      await using pod = await startPod(tunnel, { ports: [HTTP, ADMIN] });
      const changes: boolean[] = [];
      pod.process.onReadyChange(() => changes.push(pod.process.ready()));
      const half = await pod.connect(forwards);
      assert.equal(pod.process.ready(), false, 'ready with one port of two');
      await half[Symbol.asyncDispose]();
      const whole = await pod.connect([...forwards, { port: 9090, to: nowhere }]);
      assert.equal(pod.process.ready(), true);
      await whole[Symbol.asyncDispose]();
      await soon(() => assert.equal(pod.process.ready(), false));
      assert(changes.includes(true) && changes.at(-1) === false, `changes told: ${changes.join(', ')}`);
    },
  },
  {
    id: 'auth',
    title: 'an agent of another session is refused with tunnel-auth',
    check: async (tunnel) => {
      await using pod = await startPod(tunnel);
      const other = await tunnel.provider.agent({ ...SPEC, ports: [HTTP] });
      const error = await failureOf(pod.connect(forwards, { agent: { ...other, port: pod.agent.port } }));
      assert.equal(error.code, 'tunnel-auth');
      assert.equal(error.$$type, '@heddle/UserError');
      assert.equal(pod.process.ready(), false);
    },
  },
  {
    id: 'refused',
    title: 'a port that the agent was not made for is refused with tunnel-refused, and nothing of the attempt is left',
    check: async (tunnel) => {
      await using pod = await startPod(tunnel);
      const error = await failureOf(pod.connect([...forwards, { port: 7070, to: nowhere }]));
      assert.equal(error.code, 'tunnel-refused');
      assert.match(error.message, /7070/);
      await soon(() => assert.equal(pod.process.ready(), false));
      await using _ = await pod.connect(forwards);
      assert.equal(pod.process.ready(), true);
    },
  },
  {
    id: 'may-pass',
    title: 'what may pass is no UserError: nothing listens yet, the stream ends at once, something else answers',
    check: async ({ provider, agent }) => {
      await using pod = await startPod({ provider, agent });
      const attempt = (dial: () => Promise<PassThrough>) =>
        failureOf(provider.connect(dial, pod.agent, forwards, { signal: new AbortController().signal, log: () => {} }));
      const refused = () => Promise.reject(Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' }));
      const ended = async () => new PassThrough().end();
      const gone = async () => new PassThrough().destroy();
      const web = async () => new PassThrough({ allowHalfOpen: false }).end('HTTP/1.1 400 Bad Request\r\n\r\n');
      for (const dial of [refused, ended, gone, web]) assert.equal((await attempt(dial)).$$type, undefined);
    },
  },
  {
    id: 'foreign-credentials',
    title: 'credentials of another provider are a bug, not a failure of the network',
    check: async (tunnel) => {
      await using pod = await startPod(tunnel);
      const error = await failureOf(pod.connect(forwards, { agent: { ...pod.agent, credentials: { secret: 1 } } }));
      assert.equal(error.$$type, '@heddle/BugError');
    },
  },
];
