import type { Catalog, Network } from "../api/types";

/** What a network is called, be it a layer or a part of one. */
export const networkNamed = (catalog: Catalog, code: string): { nameZh: string; nameEn: string } | undefined =>
  catalog.networks.find((n) => n.code === code) ?? catalog.subnetworks?.find((n) => n.code === code);

/** The layer that a network is drawn with: street lighting is drawn with electricity. */
export const layerOf = (networks: readonly Network[], code: string): Network | undefined =>
  networks.find((n) => n.code === code) ?? networks.find((n) => n.members.includes(code));

/** Rows of the tree: top networks in table order, each followed by its own kind of network. */
export function tree(networks: Network[]): { network: Network; depth: number }[] {
  const out: { network: Network; depth: number }[] = [];
  const known = new Set(networks.map((n) => n.code));
  const visit = (parent: string | null, depth: number) => {
    for (const n of networks) {
      const under = n.parent && known.has(n.parent) ? n.parent : null;
      if (under === parent) {
        out.push({ network: n, depth });
        visit(n.code, depth + 1);
      }
    }
  };
  visit(null, 0);
  return out;
}
