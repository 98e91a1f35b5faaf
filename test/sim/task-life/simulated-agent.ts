// An agent around the real rules of a base station and an edge server: it does with the network of the world what the agent's services do
// with RPC. What it is asked is checked here, before either role acts on it.
import { type Lease, leaseKey, MAX_LEASE_EPOCH } from '../../../src/shared/task-life/lease.js';
import { SimulatedBaseStation } from './simulated-base-station.js';
import { SimulatedEdgeServer } from './simulated-edge-server.js';
import { type OfferAnswer, type Peer, SimulatedPeers } from './simulated-peers.js';
import type { Outcome, Rules } from './simulated-tasks.js';
import type { Answer, Party, Respond, World } from './world.js';

export interface AgentSettings {
  world: World;
  party: Party;
  rules: Rules;
  peers: () => readonly Peer[];
  /** Notes that an image was really made. */
  made: (token: string, lease: Lease) => void;
  failShare: () => number;
}

export class SimulatedAgent implements Peer {
  readonly party: Party;
  readonly #settings: AgentSettings;
  readonly #peers: SimulatedPeers;
  readonly #edgeServer: SimulatedEdgeServer;
  readonly #baseStation: SimulatedBaseStation;
  #isConfigured = false;

  constructor(settings: AgentSettings) {
    const { world, party, rules, made, failShare } = settings;
    this.#settings = settings;
    this.party = party;
    const peers = new SimulatedPeers(world, party, settings.peers);
    this.#peers = peers;
    const deliverHere = (outcome: Outcome): void => this.#baseStation.receive(party.id, outcome, () => undefined);
    this.#edgeServer = new SimulatedEdgeServer({ world, party, peers, makeEdge: rules.makeEdge, made, failShare, deliverHere });
    this.#baseStation = new SimulatedBaseStation({ world, party, peers, makeHome: rules.makeHome, edgeServer: this.#edgeServer });
    this.#startUp();
  }

  get id(): string {
    return this.party.id;
  }

  /** All that is left of tasks here, for the end of an exploration. */
  leftovers(): string[] {
    const homes = this.#baseStation.homes().map((home) => `${this.id} home ${leaseKey(home.lease)} ${home.phase} at ${home.holderId}`);
    const held = this.#edgeServer.held(() => true).map((lease) => `${this.id} holds ${leaseKey(lease)}`);
    const stored = this.outcomes().map((outcome) => `${this.id} stores ${leaseKey(outcome.lease)}`);
    return [...homes, ...held, ...stored];
  }

  mayHaveOffered(fromId: string, lease: Lease): boolean {
    return this.#baseStation.mayHaveOffered(fromId, lease);
  }

  restart(downForMs: number): void {
    this.party.life += 1;
    this.party.isDown = true;
    this.party.suspendedUntilMs = 0;
    this.#settings.world.at(downForMs, () => {
      this.party.isDown = false;
      this.#isConfigured = false;
      this.#startUp();
    });
  }

  // --- for the control center ---

  configure(): Lease[] {
    this.#isConfigured = true;
    return this.knownLeases();
  }

  setHold(isHeld: boolean): true {
    this.#edgeServer.hold(isHeld);
    return true;
  }

  knownLeases(): Lease[] {
    return [...this.outcomes(), ...this.#baseStation.homes()].map(({ lease }) => lease);
  }

  submit(leases: readonly Lease[]): Answer<true> {
    return this.#isConfigured ? this.#baseStation.submit(leases) : { refused: 'not configured' };
  }

  outcomes(): Outcome[] {
    return this.#baseStation.outcomes();
  }

  acknowledge(leases: readonly Lease[]): void {
    this.#baseStation.acknowledge(leases);
  }

  cancel(request: { leases: readonly Lease[] | null; keepRunning: boolean }, respond: Respond<Lease[]>): void {
    const { leases, keepRunning } = request;
    const isLocal = (lease: Lease): boolean => lease.baseStationId === this.id;
    const foreign = leases ? leases.filter((lease) => !isLocal(lease)) : this.#edgeServer.held((lease) => !isLocal(lease));
    this.#edgeServer.withdraw(foreign, keepRunning);
    this.#baseStation.cancel({ leases: leases ? leases.filter(isLocal) : null, keepRunning }, respond);
  }

  hasImage(token: string): boolean {
    return this.#baseStation.hasImage(token) || this.#edgeServer.hasImage(token);
  }

  // --- for peers ---

  exchange(fromId: string): Answer<true> {
    if (this.#settings.rules.believesWords) this.#peers.reached(fromId);
    return { said: true };
  }

  offer(fromId: string, lease: Lease): Answer<OfferAnswer> {
    if (lease.baseStationId !== fromId || lease.epoch > MAX_LEASE_EPOCH) return { refused: 'not its lease' };
    if (!this.#isConfigured) return { refused: 'not configured' };
    return { said: this.#edgeServer.admit(lease) };
  }

  deliver(fromId: string, outcome: Outcome, respond: Respond<true>): void {
    if (outcome.edgeServerId !== fromId) respond({ refused: 'speaks for another' });
    else this.#baseStation.receive(fromId, outcome, respond);
  }

  withdraw(fromId: string, leases: readonly Lease[], keepRunning: boolean): Answer<Lease[]> {
    if (leases.some((lease) => lease.baseStationId !== fromId)) return { refused: 'not its leases' };
    return { said: this.#edgeServer.withdraw(leases, keepRunning) };
  }

  check(fromId: string, leases: readonly Lease[], taken: readonly Lease[]): Answer<{ held: Lease[]; outcomes: Outcome[] }> {
    if ([...leases, ...taken].some((lease) => lease.baseStationId !== fromId)) return { refused: 'not its leases' };
    return { said: this.#edgeServer.check(leases, taken) };
  }

  #startUp(): void {
    this.#peers.startUp();
    this.#baseStation.startUp();
    this.#edgeServer.startUp();
  }
}
