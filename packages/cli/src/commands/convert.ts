import { EXIT } from '@heddle/core';
import { Flags } from '@oclif/core';
import { HeddleCommand } from '../base-command.js';
import { cliError } from '../errors/cli-error.js';
import { meshWithoutClusterFlags, parseSettings } from '../flags/mesh-without-cluster.js';
import { outFlags } from '../flags/out.js';
import { listFlag, namespaceFlag } from '../flags/shared-flags.js';
import { renderConvertReport } from '../rendering/convert.js';
import { resultObjects, sayWritten } from '../rendering/written-objects.js';
import { TOKENS } from '../tokens.js';

export default class Convert extends HeddleCommand {
  static override summary = "Write a mesh's objects as those of another, and say what is lost.";
  static override description =
    `Each object is taken for what it is: those of any mesh but the one asked for are converted, objects that only long-gone versions of it read too; its other objects pass through, and objects of no mesh are left alone, but for Services that must be amended. The result routes callers in the mesh as before, as far as the other mesh can.

What it cannot say is narrowed or left out, never widened, and listed: the object and field, the requests concerned, one of them with what becomes of it before and after, and what to do. To find that out, requests are followed through both meshes, so that what differs without being foreseen is listed too. A loss that many objects have is told once, with their number. How the meshes differ whatever the objects say is told apart, and is no loss.

No cluster is asked. What files leave out is assumed as little as possible, and each assumption is a note. Objects go to standard output, the report to standard error; -o json or yaml has both in one document. With --out, each object gets a file of its own, named after it so that kubectl apply -f FOLDER applies them in order; files that say something else are written over with --force only, and what else lies there is told.

Exit code: 0 done; 2 bad input, or objects that their own mesh refuses; 6 with --strict, when anything is lost (losses alone count, neither differences of the meshes nor notes).`;
  static override examples = [
    { description: 'A folder, and what is lost of it', command: 'heddle convert -f mesh/ --to ID > objects.yaml' },
    { description: 'A file for each object', command: 'heddle convert -f mesh/ --to ID --out converted/' },
    { description: 'Fail in CI when anything is lost', command: 'helm template shop | heddle convert -f - --to ID --strict' },
    {
      description: 'For a certain version, set up in a certain way',
      command: 'heddle convert -f mesh/ --to ID --mesh-version 2.14 --set KEY=VALUE',
    },
    { description: 'The whole report for a program', command: 'heddle convert -f mesh/ --to ID -o json' },
  ];
  static override flags = {
    to: Flags.string({
      required: true,
      summary: 'The mesh adapter whose objects are wanted (heddle adapters lists them).',
      helpValue: 'ID',
      env: 'HEDDLE_TO',
    }),
    file: Flags.string({
      char: 'f',
      required: true,
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Objects to convert, from a file, a folder, or - for standard input; may be repeated.',
      helpValue: 'FILE|FOLDER|-',
      env: 'HEDDLE_FILE',
    }),
    ...outFlags,
    ...meshWithoutClusterFlags,
    ...namespaceFlag,
  };

  async run(): Promise<void> {
    const { flags, get } = await this.begin(Convert);
    const output = get(TOKENS.output);
    const version = flags['mesh-version'];
    const made = await get(TOKENS.converter).convert({
      to: flags.to,
      settings: parseSettings(flags.set),
      ...(version === undefined ? {} : { version }),
      ...(flags.out === undefined ? {} : { out: { folder: flags.out, force: flags.force, inputs: listFlag(flags.file) } }),
    });
    if (output.format === 'text') {
      resultObjects(made, output);
      output.progress(renderConvertReport(made, { all: flags.verbose }, output.errPaper));
      if (made.out !== undefined) sayWritten(made.out, output);
    } else output.result(made, () => '');
    if (made.refused.length > 0) this.endWith(refused(made.refused.length), output);
    if (flags.strict && made.losses.length > 0) this.exit(EXIT.negative);
  }
}

function refused(count: number) {
  return cliError(
    'convert-refused',
    `${count === 1 ? 'One object' : `${count} objects`} would be refused by the mesh they are for, so that nothing of them was converted.`,
    ['Mend them, and convert again; heddle lint -f says more of each.'],
  );
}
