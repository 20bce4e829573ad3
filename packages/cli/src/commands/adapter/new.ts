import { Args, Flags } from '@oclif/core';
import { HeddleCommand } from '../../base-command.js';
import { renderNewAdapter } from '../../rendering/new-adapter.js';
import { TOKENS } from '../../tokens.js';

export default class AdapterNew extends HeddleCommand {
  static override summary = 'Start a mesh adapter of your own: a project that compiles and passes its tests.';
  static override description =
    'The new project is a small, complete adapter for the Gateway API under your name, with the conformance kit and a scenario for the sandbox: something that works at every step while you put your own mesh in its place. Nothing is installed, and a folder that holds anything is left alone.';
  static override examples = [
    { description: 'A new project, and its tests', command: 'heddle adapter new consul && cd heddle-adapter-consul && npm ci && npm test' },
    { description: "With heddle's own packages from tarballs", command: 'heddle adapter new consul --packages ../tarballs' },
  ];
  static override args = {
    name: Args.string({ required: true, description: "The adapter's id, as in --mesh.", ignoreStdin: true }),
    folder: Args.string({ description: 'Where to make it; default: heddle-adapter-NAME.', ignoreStdin: true }),
  };
  static override flags = {
    packages: Flags.string({
      helpValue: 'FOLDER',
      env: 'HEDDLE_PACKAGES',
      summary: "Take heddle's own packages from the tarballs in this folder, as npm pack makes them.",
    }),
  };

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(AdapterNew);
    const made = get(TOKENS.newAdapter).create({
      name: args.name,
      ...(args.folder === undefined ? {} : { folder: args.folder }),
      ...(flags.packages === undefined ? {} : { packages: flags.packages }),
    });
    get(TOKENS.output).result(made, (value) => renderNewAdapter(value, get(TOKENS.place).cwd));
  }
}
