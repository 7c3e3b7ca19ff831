import type { Me } from "../api/types";

type Class = Pick<Me, "name" | "role" | "view">;

/** Whether two answers to "who am I" are of one who sees and may do the same. */
export const sameView = (a: Class, b: Class): boolean => a.name === b.name && a.role === b.role && a.view === b.view;
