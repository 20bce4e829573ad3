import { Args } from '@oclif/core';
import { HeddleCommand } from '../../base-command.js';
import { keyArg, projectFlag } from '../../flags/config.js';
import { yesFlag } from '../../flags/shared-flags.js';
import { renderChange } from '../../rendering/config.js';
import { TOKENS } from '../../tokens.js';

export default class ConfigSet extends HeddleCommand {
  static override summary = "Set one value in your configuration file, or in the project's.";
  static override description =
    'The file and its folder are made if they are not there. Comments, order and layout of what stands around the value stay; the file is checked as a whole before it is written. Lists and mappings are written as YAML.';
  static override examples = [
    { description: 'Which contexts an entry is for, then its mesh', command: "heddle config set clusters.eu.context 'eu-*'" },
    { description: 'A tunnel for everybody in this repository', command: 'heddle config set defaults.tunnel direct --project' },
    {
      description: 'The mesh of some namespaces of a cluster with two',
      command: "heddle config set 'clusters.eu.namespaces.shop-*.mesh' ADAPTER",
    },
  ];
  static override args = {
    key: keyArg,
    value: Args.string({ required: true, description: 'The value.', ignoreStdin: true }),
  };
  static override flags = { ...projectFlag, ...yesFlag };

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(ConfigSet);
    const change = await get(TOKENS.configuration).set(args.key, args.value, { project: flags.project });
    get(TOKENS.output).result(change, renderChange);
  }
}
