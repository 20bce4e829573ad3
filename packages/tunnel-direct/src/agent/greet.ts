import { FRAME } from '../protocol/frame.js';
import { isProof, newNonce, proofOf } from '../protocol/handshake.js';
import { type Denied, type Hello, PROTOCOL_VERSION, parseMessage } from '../protocol/messages.js';
import type { Wire } from '../protocol/wire.js';

/** How long a stranger may take. Ms. */
const GREETING = 10_000;

/** The agent's side of the handshake. Resolves with what the laptop wants once it has shown the token; `undefined`: turned away. */
export async function greet(wire: Wire, token: Buffer): Promise<Hello | undefined> {
  const deadline = setTimeout(() => wire.destroy(), GREETING);
  try {
    const greeting = await wire.next();
    if (greeting.type !== FRAME.hello) return deny(wire, 'protocol', 'a greeting was expected');
    const hello = parseMessage('hello', greeting.payload);
    if (hello.version !== PROTOCOL_VERSION) {
      return deny(wire, 'version', `the agent speaks version ${PROTOCOL_VERSION} of the protocol, not ${hello.version}`);
    }
    const nonce = newNonce();
    wire.send(FRAME.challenge, { nonce, proof: proofOf(token, 'agent', greeting.payload, nonce) });
    const answer = await wire.next();
    if (answer.type !== FRAME.proof) return deny(wire, 'protocol', 'a proof was expected');
    const { proof } = parseMessage('proof', answer.payload);
    if (isProof(proof, proofOf(token, 'laptop', greeting.payload, nonce))) return hello;
    return deny(wire, 'auth', "this is not the session's token");
  } catch (error) {
    wire.destroy(error as Error);
    return undefined;
  } finally {
    clearTimeout(deadline);
  }
}

export function deny(wire: Wire, why: Denied['why'], message: string): undefined {
  wire.send(FRAME.denied, { why, message });
  wire.close();
}
