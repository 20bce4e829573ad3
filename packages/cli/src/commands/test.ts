import { EXIT } from '@heddle/core';
import { Args, Flags } from '@oclif/core';
import { HeddleCommand } from '../base-command.js';
import { contextFlags, envoyFlag, fileFlag, meshFlag, namespaceFlag } from '../flags/shared-flags.js';
import { renderTests } from '../rendering/routing-tests.js';
import { junitOf } from '../rendering/routing-tests-junit.js';
import { tapOf } from '../rendering/routing-tests-tap.js';
import { testDocument } from '../services/routing-tests/test-document.js';
import { TOKENS } from '../tokens.js';

export default class Test extends HeddleCommand {
  static override summary = 'Test where requests go: cases of objects, a client, requests, and what must come of them.';
  static override description =
    `A case file is YAML: one case, several documents, or a list under \`cases\`. A folder is searched for .yaml and .yml files.

  files: [../mesh/]     # paths from the case file; or objects: with YAML text or a list
  client: {kind: sidecar, namespace: shop, labels: {app: web}}
  requests:
  - name: jason gets v2
    url: http://reviews:9080/
    headers: {end-user: jason}
    expect:
      outcomes: [{version: v2, probability: 1}]

\`expect\` names what matters: status, outcomes, mirrors, faults, redirect, seen (path and authority at the backend). Each named outcome stands for all answers that fit its keys: with a probability theirs sum to it, without one they are all that there are. \`observed\` is exact, and what it does not name must not be there. Objects are taken to be complete. Cases without objects are about those of -f, else about the cluster's.

--record writes what is true now into the files, as \`observed\`: where a request says nothing of what must come of it, and where its \`observed\` is not so any more. An \`expect\` of yours stays.

Exit code: 0 all as expected, 2 a file has mistakes, 4 the cluster, 6 something is not as expected.`;
  static override usage = 'test FILE… [flags]';
  static override examples = [
    { description: 'All cases of a folder', command: 'heddle test routing-tests/' },
    { description: 'Cases that bring no objects, on a folder of YAML', command: 'heddle test routing-tests/ -f mesh/ -f apps/' },
    { description: "The same on a cluster's objects, as they are now", command: 'heddle test routing-tests/ --context staging' },
    { description: 'Before a refactoring: keep what is true now', command: 'heddle test routing-tests/ --record' },
    { description: 'For a CI system', command: 'heddle test routing-tests/ -o junit > report.xml' },
  ];
  static override args = {
    file: Args.string({ required: true, multiple: true, description: 'A case file, or a folder of some.', ignoreStdin: true }),
  };
  static override flags = {
    record: Flags.boolean({ summary: 'Write what is true now into the case files.', env: 'HEDDLE_RECORD' }),
    ...envoyFlag,
    ...namespaceFlag,
    ...contextFlags,
    ...meshFlag,
    ...fileFlag,
    // In the place of the flag of this name that every command has.
    output: Flags.option({ options: ['text', 'json', 'yaml', 'junit', 'tap'] as const })({
      char: 'o',
      summary: 'Form of the result.',
      default: 'text',
      helpGroup: 'OUTPUT',
      env: 'HEDDLE_OUTPUT',
    }),
  };

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(Test);
    const output = get(TOKENS.output);
    const envoy = flags.envoy === undefined ? {} : { envoy: flags.envoy };
    const report = await get(TOKENS.routingTests).run({ files: args.file, record: flags.record, ...envoy });
    const form: string = flags.output;
    if (form === 'junit') output.result(report, junitOf);
    else if (form === 'tap') output.result(report, tapOf);
    else if (form === 'text') output.result(report, (value, paper) => renderTests(value, paper, flags.verbose));
    else output.result(testDocument(report), () => '');
    if (report.errors > 0) this.exit(EXIT.usage);
    if (report.failed > 0) this.exit(EXIT.negative);
  }
}
