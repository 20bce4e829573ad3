import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EXIT } from '@heddle/core';
import { Args, Command, Flags } from '@oclif/core';
import { loadAdapterOf } from '../../package/read-package.js';
import { hasPassed, summariseReport, toMarkdown } from '../../report/index.js';
import { runConformance } from '../../run/index.js';

const file = { helpValue: 'FILE' };

export default class AdapterVerify extends Command {
  static override summary = 'Run the conformance kit against an adapter, and report.';
  static override description =
    `The folder is an adapter's package, built: its package.json declares the adapter, its folder conformance holds the mesh objects that the kit's cases play with. No cluster is needed.
The report goes to heddle-conformance.json and heddle-conformance.md in that folder, unless --only or --environment narrows it; it says how to make it again. Exit code 6 when a case fails.`;
  static override examples = [
    { description: 'The adapter in the current folder:', command: '<%= config.bin %> adapter verify' },
    { description: 'What every adapter must pass:', command: '<%= config.bin %> adapter verify ./heddle-adapter-consul --level core' },
    { description: 'One case, or one of the numbered ones:', command: '<%= config.bin %> adapter verify --only leak --only 46' },
  ];
  static override args = { dir: Args.string({ default: '.', description: "The folder of the adapter's package." }) };
  static override flags = {
    level: Flags.option({ options: ['core', 'extended'] as const })({
      default: 'extended',
      env: 'HEDDLE_LEVEL',
      summary: 'core: what every adapter must pass; extended: also what this one declares.',
    }),
    only: Flags.string({ helpValue: 'CASE', multiple: true, summary: 'Just this case, by id or number; may be repeated.' }),
    environment: Flags.string({ helpValue: 'NAME', summary: "Just this one of the package's environments." }),
    adapter: Flags.string({ helpValue: 'ID', summary: 'Which adapter, where the package brings several.' }),
    report: Flags.string({ ...file, summary: 'Where to write the report as JSON.' }),
    'report-md': Flags.string({ ...file, summary: 'Where to write it as Markdown.' }),
    output: Flags.option({ options: ['text', 'json'] as const })({
      char: 'o',
      default: 'text',
      env: 'HEDDLE_OUTPUT',
      summary: 'Form of the result: a summary, or the report itself.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AdapterVerify);
    const { level, only, environment, output } = flags;
    const dir = resolve(args.dir);
    const adapter = await loadAdapterOf(dir, flags.adapter);
    const narrowed = { ...(only === undefined ? {} : { only }), ...(environment === undefined ? {} : { environment }) };
    let count = 0;
    const onResult = ({ id }: { readonly id: string }) => {
      count += 1;
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${count} cases, ${id}`);
    };
    const report = await runConformance(adapter, { packageDir: dir, level, ...narrowed, onResult });
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    const usual = (name: string) => (Object.keys(narrowed).length === 0 ? join(dir, name) : undefined);
    const json = `${JSON.stringify(report, null, 2)}\n`;
    const written = [
      await write(flags.report ?? usual('heddle-conformance.json'), json),
      await write(flags['report-md'] ?? usual('heddle-conformance.md'), toMarkdown(report)),
    ].filter((path) => path !== undefined);
    this.log(output === 'json' ? json.trimEnd() : summariseReport(report));
    for (const path of written) this.logToStderr(`Report: ${path}`);
    if (!hasPassed(report)) process.exitCode = EXIT.negative;
  }

  /** The program that runs commands reports errors. */
  protected override async catch(error: Error): Promise<never> {
    throw error;
  }
}

async function write(path: string | undefined, content: string): Promise<string | undefined> {
  if (path !== undefined) await writeFile(path, content);
  return path;
}
