import { HeddleCommand } from '../../base-command.js';
import { overrideFlags, overridesOf } from '../../flags/config.js';
import { renderConfig } from '../../rendering/config.js';
import { TOKENS } from '../../tokens.js';

export default class ConfigShow extends HeddleCommand {
  static override summary = 'Show the configuration that holds here, and where each value comes from.';
  static override description =
    'Lowest first: built-in values, your own file, the .heddle.yaml of this folder or the nearest above, variables HEDDLE_…, flags. An entry of clusters in a higher file takes the place of the whole entry of that name below.';
  static override examples = [
    { description: 'Everything', command: 'heddle config show' },
    { description: 'What a command with --tunnel direct would use', command: 'heddle config show --tunnel direct' },
  ];
  static override flags = overrideFlags;

  async run(): Promise<void> {
    const { flags, get } = await this.begin(ConfigShow);
    get(TOKENS.output).result(get(TOKENS.configuration).show(overridesOf(flags, this.argv)), renderConfig);
  }
}
