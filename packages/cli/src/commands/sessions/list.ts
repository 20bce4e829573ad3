import { HeddleCommand } from '../../base-command.js';
import { allNamespacesFlag, contextFlags, namespaceFlag } from '../../flags/shared-flags.js';
import { renderSessions } from '../../rendering/sessions.js';
import { TOKENS } from '../../tokens.js';

export default class SessionsList extends HeddleCommand {
  static override summary = 'List sessions: whose, of which service, for which requests.';
  static override description =
    'Also shows sessions whose process is gone or whose lease has expired; `heddle sessions recover` or `heddle clean` removes them.';
  static override examples = [
    { description: 'Sessions of the current namespace', command: 'heddle sessions list' },
    { description: 'Sessions of the whole cluster', command: 'heddle sessions list -A' },
    {
      description: 'The ids of all that are dead, for a script',
      command: "heddle sessions list -o json | jq -r '.sessions[] | select(.abandoned or .expired) | .id'",
    },
  ];
  static override flags = { ...allNamespacesFlag, ...namespaceFlag, ...contextFlags };

  async run(): Promise<void> {
    const { flags, get } = await this.begin(SessionsList);
    const allNamespaces = flags['all-namespaces'];
    const report = await get(TOKENS.sessions).list({ allNamespaces });
    const { namespace, flags: clusterFlags } = await get(TOKENS.connections).open();
    const where = allNamespaces ? 'in any namespace' : `in namespace ${namespace}`;
    get(TOKENS.output).result(report, ({ sessions }, paper) => renderSessions(sessions, where, clusterFlags, paper));
  }
}
