import { expect, test } from 'vitest';
import { resolveContext } from './context.js';
import { mergeKubeconfigs, parseKubeconfig } from './parse.js';

const full = `
apiVersion: v1
kind: Config
current-context: one
clusters:
- name: c
  cluster: {server: 'https://api.example:6443/k8s/clusters/x/', certificate-authority: certs/ca.pem, tls-server-name: api, proxy-url: 'socks5://p:1'}
users:
- name: u
  user:
    client-certificate: me.pem
    client-key: /abs/me.key
    tokenFile: tok
    as: ada
    as-groups: [dev]
    as-user-extra: {team: [blue]}
    exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login, args: [a], env: [{name: A, value: b}], provideClusterInfo: true, interactiveMode: Never}
contexts:
- name: one
  context: {cluster: c, user: u, namespace: demo}
- name: broken
  context: {cluster: nowhere, user: u}
`;

test('reads what a context points at, relative paths from the file on', async () => {
  const context = resolveContext(await parseKubeconfig(full, '/ada/.kube/config'));
  expect(context).toMatchObject({ name: 'one', namespace: 'demo' });
  expect(context.cluster).toMatchObject({
    caFile: '/ada/.kube/certs/ca.pem',
    tlsServerName: 'api',
    proxyUrl: 'socks5://p:1',
    skipTlsVerify: false,
  });
  expect(context.cluster.server.href).toBe('https://api.example:6443/k8s/clusters/x/');
  expect(context.user).toMatchObject({
    certFile: '/ada/.kube/me.pem',
    keyFile: '/abs/me.key',
    tokenFile: '/ada/.kube/tok',
    impersonation: { user: 'ada', groups: ['dev'], extra: { team: ['blue'] } },
    exec: {
      command: '/ada/.kube/login',
      args: ['a'],
      env: [{ name: 'A', value: 'b' }],
      provideClusterInfo: true,
      interactiveMode: 'Never',
    },
  });
});

test('a command without a slash is left to the PATH', async () => {
  const context = resolveContext(await parseKubeconfig(full.replace('./login', 'aws'), '/k/config'));
  expect(context.user.exec?.command).toBe('aws');
});

test('the first file that has a name counts whole, and so does the first current context', async () => {
  const first = await parseKubeconfig(
    '{users: [{name: red, user: {token: one}}], contexts: [{name: a, context: {cluster: c, user: red}}]}',
    '/one',
  );
  const second = await parseKubeconfig(
    `{current-context: a, clusters: [{name: c, cluster: {server: "https://s"}}],
      users: [{name: red, user: {token: two, as: x}}], contexts: [{name: b, context: {cluster: c}}]}`,
    '/two',
  );
  const merged = mergeKubeconfigs([first, second]);
  expect(merged.currentContext).toBe('a');
  expect([...merged.contexts.keys()]).toEqual(['a', 'b']);
  expect(resolveContext(merged).user).toEqual({ name: 'red', token: 'one' });
  expect(resolveContext(merged, 'b').user).toEqual({ name: '' });
});

const failure = (text: string, context?: string) =>
  parseKubeconfig(text, '/k')
    .then((config) => resolveContext(config, context))
    .then(
      () => undefined,
      (error) => ({ code: error.code, exit: error.exit, message: error.message, next: error.next }),
    );

test('an unknown context names those that there are', async () => {
  expect(await failure(full, 'two')).toEqual({
    code: 'context-not-found',
    exit: 'usage',
    message: 'there is no context "two" in /k',
    next: ['Choose one with --context: one, broken'],
  });
});

test.each([
  ['no current context', '{contexts: [{name: a, context: {cluster: c}}]}', 'context-not-set', 'sets no current context'],
  [
    'a context without its cluster',
    full.replace('current-context: one', 'current-context: broken'),
    'kubeconfig-invalid',
    'names the cluster "nowhere"',
  ],
  [
    'no server',
    '{current-context: a, clusters: [{name: c, cluster: {}}], contexts: [{name: a, context: {cluster: c}}]}',
    'kubeconfig-invalid',
    'clusters[0].cluster.server: expected',
  ],
  [
    'a server that is no URL',
    full.replace(/https:[^']*/, 'ftp://x'),
    'kubeconfig-invalid',
    'expected an http or https URL, received "ftp://x"',
  ],
  [
    'a field of the wrong type',
    full.replace('tls-server-name: api', 'tls-server-name: [api]'),
    'kubeconfig-invalid',
    'tls-server-name: expected a string, received a list',
  ],
  ['broken YAML', 'clusters: [', 'kubeconfig-invalid', '/k is not valid YAML'],
  ['a list', '[]', 'kubeconfig-invalid', 'expected a mapping'],
  ['nothing', '', 'context-not-set', 'sets no current context'],
])('%s is one clear sentence', async (_title, text, code, words) => {
  const error = await failure(text);
  expect(error).toMatchObject({ code, exit: 'usage' });
  expect(error?.message).toContain(words);
});

test('a broken entry spoils only its own context', async () => {
  const config = await parseKubeconfig(full.replace('- name: broken', '- name: 7\n- name: broken'), '/k');
  expect(resolveContext(config, 'one').name).toBe('one');
});
