// What the control center and the virtual testbed's process say to each other over their IPC channel.
import { z } from 'zod';

export const hostRequestSchema = z.discriminatedUnion('method', [
  z.object({
    id: z.number().int(),
    method: z.literal('boot'),
    nodeId: z.string(),
    /** Folder of this node alone; made when missing. */
    directory: z.string(),
    /** Port of the SSH server last time; another is taken when it is in use. Null on the first boot. */
    preferredPort: z.number().int().nullable(),
    /** The only public key that may log in, as a line of authorized_keys. */
    authorizedKey: z.string(),
    /** Whether the node's programs stand back behind a window of the same machine. */
    isBehindWindow: z.boolean(),
  }),
  /** Power cut: the SSH server and every process of the node end at once. */
  z.object({ id: z.number().int(), method: z.literal('power-off'), nodeId: z.string() }),
]);
export type HostRequest = z.infer<typeof hostRequestSchema>;

const bootedNodeSchema = z.object({
  nodeId: z.string(),
  sshPort: z.number().int(),
  hostKey: z.object({ keyType: z.string(), fingerprint: z.string(), keyBase64: z.string() }),
  /** Where the node's agent listens after the boot; null when the node was never provisioned. */
  agentPort: z.number().int().nullable(),
  /** Why the agent of a provisioned node did not start; null when all is well. */
  agentProblem: z.string().nullable(),
});
export type BootedNode = z.infer<typeof bootedNodeSchema>;

export const hostReplySchema = z.discriminatedUnion('kind', [
  z.object({ id: z.number().int(), kind: z.literal('booted'), node: bootedNodeSchema }),
  z.object({ id: z.number().int(), kind: z.literal('done') }),
  /** No one asked: an agent that had crashed was started again, or could not be. */
  z.object({ kind: z.literal('agent'), node: bootedNodeSchema, message: z.string() }),
  z.object({ id: z.number().int(), kind: z.literal('failed'), message: z.string() }),
]);
export type HostReply = z.infer<typeof hostReplySchema>;

/** Login name on every virtual node. */
export const VIRTUAL_NODE_USER = 'edge';
/** The only address virtual nodes listen on. */
export const VIRTUAL_NODE_HOST = '127.0.0.1';

/** The process that holds the virtual nodes as the core sees it: started when a node is first switched on, and again when it dies. */
export interface VirtualNodeHost {
  /** Process id; null while there is none. */
  readonly pid: number | null;
  /** Switches a node on and keeps it on. Resolves once its SSH server listens and, if it was provisioned before, its agent was started. */
  powerOn(nodeId: string, preferredPort: number | null): Promise<BootedNode>;
  /** As pulling the plug: everything on the node ends at once; its folder stays. */
  powerOff(nodeId: string): Promise<void>;
  /** Of the node's folder, bytes. */
  sizeOnDisk(nodeId: string): Promise<number>;
  /** Switches a node off and deletes its folder. */
  deleteNode(nodeId: string): Promise<void>;
  /** Deletes folders that belong to none of the nodes: left by a creation that was cut off. */
  deleteStrayFolders(nodeIds: ReadonlySet<string>): Promise<void>;
  /** Ends the process and all nodes; resolves when they are gone. */
  close(): Promise<void>;
}

/** `onNodeBooted` hears of every boot, the first one and those after a crash alike: ports may have changed. */
export type CreateVirtualNodeHost = (listeners: {
  onNodeBooted: (node: BootedNode) => void;
  /** One sentence for the program's log. */
  onProblem: (message: string) => void;
}) => VirtualNodeHost;
