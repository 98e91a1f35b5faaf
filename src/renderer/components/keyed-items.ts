// Which keys the items of a menu in the head of a page have. Pure.
import { keysOfPageCommand } from '../../shared/page-keys.js';
import type { MenuItem } from './menu-item.js';

/**
 * With the keys that a button of the same words has in a head, unless an item has its own. `menuWords` are those of the menu's button, whose
 * keys open it: no item has the same.
 */
export function keyedItems(items: readonly MenuItem[], menuWords: string): readonly MenuItem[] {
  const taken = keysOfPageCommand(menuWords)?.join();
  return items.map((item) => {
    const keys = item.keys ?? keysOfPageCommand(item.label);
    return keys && keys.join() !== taken ? { ...item, keys } : item;
  });
}
