// What every Python program starts with that a node's Python reads from standard input: it runs in the home folder, where Python would look for
// modules first. A clone of diffusers there is no library, and a json.py of someone's is not Python's.

/** Lines of Python, before any other import. */
export const LIBRARIES_ALONE = `import sys
sys.path[:] = [folder for folder in sys.path if folder != ""]`;

/** Defines `there(name)`: whether a module can be imported. A folder without code, which Python takes for a package too, is none. */
export const IS_THERE = `import importlib.util
def there(name):
    try:
        found = importlib.util.find_spec(name)
        return found is not None and found.has_location
    except Exception:
        return False`;
