import { HeddleCommand } from '../../base-command.js';
import { keyArg, projectFlag } from '../../flags/config.js';
import { yesFlag } from '../../flags/shared-flags.js';
import { renderChange } from '../../rendering/config.js';
import { TOKENS } from '../../tokens.js';

export default class ConfigUnset extends HeddleCommand {
  static override summary = "Take one value out of your configuration file, or out of the project's.";
  static override description =
    'With a key that has others below it, all of them. What the value was below it then holds: see heddle config show.';
  static override examples = [
    { description: 'Back to the default', command: 'heddle config unset defaults.tunnel' },
    { description: 'A whole cluster', command: 'heddle config unset clusters.staging' },
  ];
  static override args = { key: keyArg };
  static override flags = { ...projectFlag, ...yesFlag };

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(ConfigUnset);
    get(TOKENS.output).result(await get(TOKENS.configuration).unset(args.key, { project: flags.project }), renderChange);
  }
}
