export interface LabTabProps {
  /** What of the tab is open, from the address; `null`: nothing yet. */
  readonly itemId: string | null;
}
