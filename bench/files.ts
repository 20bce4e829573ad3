import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTurn, report } from './median.ts';

/** Commands on a folder of 1,000 VirtualServices and 2,000 Services, whole process, against a process that only reads the same YAML. */
const SERVICES = 2000;
const VIRTUAL_SERVICES = 1000;
const PER_FILE = 10;
/** 1.5 s for the whole process where reading the YAML alone takes 125 ms. */
const GOAL = '≤12, and 1.5 s';
const ROUNDS = Number(process.argv[2] ?? 7);

const BIN = fileURLToPath(new URL('../packages/cli/bin/run.js', import.meta.url));
const YAML = import.meta.resolve('js-yaml');
const folder = mkdtempSync(join(tmpdir(), 'heddle-bench-'));

const place = (index: number) => `{name: svc-${index}, namespace: ns-${index % 50}}`;
const service = (index: number) => `apiVersion: v1
kind: Service
metadata: ${place(index)}
spec:
  selector: {app: svc-${index}}
  ports:
  - name: http
    port: 9080
    targetPort: 9080
`;
const virtualService = (index: number) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: ${place(index)}
spec:
  hosts:
  - svc-${index}
  http:
  - name: jason
    match:
    - headers:
        end-user:
          exact: jason
      uri:
        prefix: /api/v1
    route:
    - destination:
        host: svc-${index}
        subset: v2
  - route:
    - destination:
        host: svc-${index}
        subset: v1
      weight: 90
    - destination:
        host: svc-${index}
        subset: v2
      weight: 10
    timeout: 3s
`;

const documents = [
  ...Array.from({ length: SERVICES }, (_, index) => service(index)),
  ...Array.from({ length: VIRTUAL_SERVICES }, (_, index) => virtualService(index)),
];
for (let at = 0; at < documents.length; at += PER_FILE) {
  writeFileSync(join(folder, `objects-${at}.yaml`), documents.slice(at, at + PER_FILE).join('---\n'));
}

const node = (...args: string[]) => {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  if (status !== 0) throw new Error(`node ${args.join(' ')}: exit ${status}\n${stderr}`);
};
const reading = `
import { readdirSync, readFileSync } from 'node:fs';
import { loadAll } from '${YAML}';
for (const file of readdirSync('${folder}')) loadAll(readFileSync('${folder}/' + file, 'utf8'));
`;
const anchor = () => node('--input-type=module', '-e', reading);

const COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ['heddle route show', ['route', 'show', 'svc-7', '-n', 'ns-7']],
  ['heddle explain', ['explain', 'http://svc-7:9080/api/v1/x', '-H', 'end-user: jason', '-n', 'ns-7']],
  ['heddle lint', ['lint', '--fail-on', 'never']],
];
try {
  for (const [name, args] of COMMANDS) {
    const what = `${name} -f on ${VIRTUAL_SERVICES} VirtualServices and ${SERVICES} Services`;
    report(what, await inTurn(ROUNDS, () => node(BIN, ...args, '-f', folder), anchor), 'reading the same YAML', GOAL);
  }
} finally {
  rmSync(folder, { recursive: true });
}
