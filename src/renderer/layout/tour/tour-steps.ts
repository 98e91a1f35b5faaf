// The three steps from nothing to a figure beside the paper's. Each leads to where the real thing is done, and points at what does it.
export interface TourStep {
  title: string;
  /** Where it starts. */
  path: string;
  /** The parts of it in the order in which they come: the last one that is on screen is pointed at. `anchor` is a `data-tour`. */
  parts: readonly { anchor: string; text: string }[];
  /** While none of them is on screen. */
  text: string;
}

export const TOUR_STEPS: readonly TourStep[] = [
  {
    title: 'Make a virtual testbed',
    path: '/testbeds',
    parts: [
      {
        anchor: 'new-virtual-testbed',
        text: 'Press New virtual testbed, then Create testbed: nodes on this computer, no hardware needed.',
      },
      { anchor: 'provision', text: 'Press Provision: it installs agent and worker on every node. Virtual nodes take a moment.' },
      { anchor: 'new-run', text: 'The testbed is ready. Press Next to run something on it.' },
    ],
    text: 'Open Testbeds to make one.',
  },
  {
    title: 'Run 100 prompts',
    path: '/runs/new?count=100',
    parts: [
      {
        anchor: 'start-run',
        text: 'All is filled in. Press Start run, and watch the nodes work. If something is missing, the form says what.',
      },
    ],
    text: 'Follow the run until it has ended. Its total generation delay is the first figure then.',
  },
  {
    title: 'Read Table V',
    path: '/table-v',
    parts: [
      {
        anchor: 'table-v',
        text: 'Your valid runs are beside the platforms of the paper. What came from virtual nodes is marked simulated.',
      },
    ],
    text: 'Open Table V to see the run beside the platforms of the paper.',
  },
];
