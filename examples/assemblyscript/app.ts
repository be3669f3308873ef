// Conway's game of life on a small board: classes, arrays and strings to look at.

class Board {
  cells: Array<bool>;
  generation: i32 = 0;

  constructor(
    public width: i32,
    public height: i32,
  ) {
    this.cells = new Array<bool>(width * height).fill(false);
  }

  at(x: i32, y: i32): bool {
    const column = (x + this.width) % this.width;
    const row = (y + this.height) % this.height;
    return this.cells[row * this.width + column];
  }

  neighbours(x: i32, y: i32): i32 {
    let count = 0;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        if ((dx != 0 || dy != 0) && this.at(x + dx, y + dy)) count++;
      }
    }
    return count;
  }

  next(): Board {
    const after = new Board(this.width, this.height);
    after.generation = this.generation + 1;
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        const count = this.neighbours(x, y);
        after.cells[y * this.width + x] = count == 3 || (count == 2 && this.at(x, y));
      }
    }
    return after;
  }

  alive(): i32 {
    let count = 0;
    for (let i = 0; i < this.cells.length; i++) {
      if (this.cells[i]) count++;
    }
    return count;
  }
}

/** Lets a glider walk for some generations; answers how many cells live then. */
export function life(generations: i32): i32 {
  let board = new Board(8, 8);
  const glider: i32[] = [1, 10, 16, 17, 18];
  for (let i = 0; i < glider.length; i++) board.cells[glider[i]] = true;
  for (let i = 0; i < generations; i++) {
    board = board.next();
  }
  return board.alive();
}
