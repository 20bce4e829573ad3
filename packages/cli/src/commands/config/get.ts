import { HeddleCommand } from '../../base-command.js';
import { keyArg, overrideFlags, overridesOf } from '../../flags/config.js';
import { renderValue } from '../../rendering/config.js';
import { TOKENS } from '../../tokens.js';

export default class ConfigGet extends HeddleCommand {
  static override summary = 'Print one value of the configuration that holds here.';
  static override description = 'With a key that has others below it, all of them as YAML. Exit code 6: it has no value.';
  static override examples = [
    { description: 'For a script', command: 'heddle config get agent.image' },
    { description: 'All of one cluster', command: 'heddle config get clusters.staging' },
  ];
  static override args = { key: keyArg };
  static override flags = overrideFlags;

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(ConfigGet);
    get(TOKENS.output).result(get(TOKENS.configuration).get(args.key, overridesOf(flags, this.argv)), renderValue);
  }
}
