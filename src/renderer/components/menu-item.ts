/** One entry of an AppMenu. */
export interface MenuItem {
  label: string;
  hint?: string;
  /** A download or a page; otherwise `select` runs. */
  href?: string;
  select?: () => void;
}
