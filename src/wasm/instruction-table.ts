/**
 * One line per instruction: opcode, mnemonic, immediates, `params:results`.
 *
 * Types are letters: i I f F v for i32 i64 f32 f64 v128, p address, q address2, n size.
 * No signature: `-`.
 */
export const INSTRUCTION_TABLE = `
00 unreachable -
01 nop :
02 block blocktype -
03 loop blocktype -
04 if blocktype -
05 else -
06 try blocktype -
07 catch tag -
08 throw tag -
09 rethrow label -
0a throw_ref -
0b end -
0c br label -
0d br_if label -
0e br_table labels -
0f return -
10 call func -
11 call_indirect type table -
12 return_call func -
13 return_call_indirect type table -
14 call_ref type -
15 return_call_ref type -
18 delegate label -
19 catch_all -
1a drop -
1b select -
1c select valtypes -
1f try_table blocktype catches -
20 local.get local -
21 local.set local -
22 local.tee local -
23 global.get global -
24 global.set global -
25 table.get table -
26 table.set table -
28 i32.load memarg p:i
29 i64.load memarg p:I
2a f32.load memarg p:f
2b f64.load memarg p:F
2c i32.load8_s memarg p:i
2d i32.load8_u memarg p:i
2e i32.load16_s memarg p:i
2f i32.load16_u memarg p:i
30 i64.load8_s memarg p:I
31 i64.load8_u memarg p:I
32 i64.load16_s memarg p:I
33 i64.load16_u memarg p:I
34 i64.load32_s memarg p:I
35 i64.load32_u memarg p:I
36 i32.store memarg pi:
37 i64.store memarg pI:
38 f32.store memarg pf:
39 f64.store memarg pF:
3a i32.store8 memarg pi:
3b i32.store16 memarg pi:
3c i64.store8 memarg pI:
3d i64.store16 memarg pI:
3e i64.store32 memarg pI:
3f memory.size memory :p
40 memory.grow memory p:p
41 i32.const i32 :i
42 i64.const i64 :I
43 f32.const f32 :f
44 f64.const f64 :F
45 i32.eqz i:i
46 i32.eq ii:i
47 i32.ne ii:i
48 i32.lt_s ii:i
49 i32.lt_u ii:i
4a i32.gt_s ii:i
4b i32.gt_u ii:i
4c i32.le_s ii:i
4d i32.le_u ii:i
4e i32.ge_s ii:i
4f i32.ge_u ii:i
50 i64.eqz I:i
51 i64.eq II:i
52 i64.ne II:i
53 i64.lt_s II:i
54 i64.lt_u II:i
55 i64.gt_s II:i
56 i64.gt_u II:i
57 i64.le_s II:i
58 i64.le_u II:i
59 i64.ge_s II:i
5a i64.ge_u II:i
5b f32.eq ff:i
5c f32.ne ff:i
5d f32.lt ff:i
5e f32.gt ff:i
5f f32.le ff:i
60 f32.ge ff:i
61 f64.eq FF:i
62 f64.ne FF:i
63 f64.lt FF:i
64 f64.gt FF:i
65 f64.le FF:i
66 f64.ge FF:i
67 i32.clz i:i
68 i32.ctz i:i
69 i32.popcnt i:i
6a i32.add ii:i
6b i32.sub ii:i
6c i32.mul ii:i
6d i32.div_s ii:i
6e i32.div_u ii:i
6f i32.rem_s ii:i
70 i32.rem_u ii:i
71 i32.and ii:i
72 i32.or ii:i
73 i32.xor ii:i
74 i32.shl ii:i
75 i32.shr_s ii:i
76 i32.shr_u ii:i
77 i32.rotl ii:i
78 i32.rotr ii:i
79 i64.clz I:I
7a i64.ctz I:I
7b i64.popcnt I:I
7c i64.add II:I
7d i64.sub II:I
7e i64.mul II:I
7f i64.div_s II:I
80 i64.div_u II:I
81 i64.rem_s II:I
82 i64.rem_u II:I
83 i64.and II:I
84 i64.or II:I
85 i64.xor II:I
86 i64.shl II:I
87 i64.shr_s II:I
88 i64.shr_u II:I
89 i64.rotl II:I
8a i64.rotr II:I
8b f32.abs f:f
8c f32.neg f:f
8d f32.ceil f:f
8e f32.floor f:f
8f f32.trunc f:f
90 f32.nearest f:f
91 f32.sqrt f:f
92 f32.add ff:f
93 f32.sub ff:f
94 f32.mul ff:f
95 f32.div ff:f
96 f32.min ff:f
97 f32.max ff:f
98 f32.copysign ff:f
99 f64.abs F:F
9a f64.neg F:F
9b f64.ceil F:F
9c f64.floor F:F
9d f64.trunc F:F
9e f64.nearest F:F
9f f64.sqrt F:F
a0 f64.add FF:F
a1 f64.sub FF:F
a2 f64.mul FF:F
a3 f64.div FF:F
a4 f64.min FF:F
a5 f64.max FF:F
a6 f64.copysign FF:F
a7 i32.wrap_i64 I:i
a8 i32.trunc_f32_s f:i
a9 i32.trunc_f32_u f:i
aa i32.trunc_f64_s F:i
ab i32.trunc_f64_u F:i
ac i64.extend_i32_s i:I
ad i64.extend_i32_u i:I
ae i64.trunc_f32_s f:I
af i64.trunc_f32_u f:I
b0 i64.trunc_f64_s F:I
b1 i64.trunc_f64_u F:I
b2 f32.convert_i32_s i:f
b3 f32.convert_i32_u i:f
b4 f32.convert_i64_s I:f
b5 f32.convert_i64_u I:f
b6 f32.demote_f64 F:f
b7 f64.convert_i32_s i:F
b8 f64.convert_i32_u i:F
b9 f64.convert_i64_s I:F
ba f64.convert_i64_u I:F
bb f64.promote_f32 f:F
bc i32.reinterpret_f32 f:i
bd i64.reinterpret_f64 F:I
be f32.reinterpret_i32 i:f
bf f64.reinterpret_i64 I:F
c0 i32.extend8_s i:i
c1 i32.extend16_s i:i
c2 i64.extend8_s I:I
c3 i64.extend16_s I:I
c4 i64.extend32_s I:I
d0 ref.null heaptype -
d1 ref.is_null -
d2 ref.func func -
d3 ref.eq -
d4 ref.as_non_null -
d5 br_on_null label -
d6 br_on_non_null label -
fb00 struct.new type -
fb01 struct.new_default type -
fb02 struct.get type field -
fb03 struct.get_s type field -
fb04 struct.get_u type field -
fb05 struct.set type field -
fb06 array.new type -
fb07 array.new_default type -
fb08 array.new_fixed type count -
fb09 array.new_data type data -
fb0a array.new_elem type elem -
fb0b array.get type -
fb0c array.get_s type -
fb0d array.get_u type -
fb0e array.set type -
fb0f array.len -
fb10 array.fill type -
fb11 array.copy type type -
fb12 array.init_data type data -
fb13 array.init_elem type elem -
fb14 ref.test heaptype -
fb15 ref.test nullheaptype -
fb16 ref.cast heaptype -
fb17 ref.cast nullheaptype -
fb18 br_on_cast castflags label heaptype heaptype -
fb19 br_on_cast_fail castflags label heaptype heaptype -
fb1a any.convert_extern -
fb1b extern.convert_any -
fb1c ref.i31 -
fb1d i31.get_s -
fb1e i31.get_u -
fc00 i32.trunc_sat_f32_s f:i
fc01 i32.trunc_sat_f32_u f:i
fc02 i32.trunc_sat_f64_s F:i
fc03 i32.trunc_sat_f64_u F:i
fc04 i64.trunc_sat_f32_s f:I
fc05 i64.trunc_sat_f32_u f:I
fc06 i64.trunc_sat_f64_s F:I
fc07 i64.trunc_sat_f64_u F:I
fc08 memory.init data memory pii:
fc09 data.drop data :
fc0a memory.copy memory memory pqn:
fc0b memory.fill memory pip:
fc0c table.init elem table pii:
fc0d elem.drop elem :
fc0e table.copy table table pqn:
fc0f table.grow table -
fc10 table.size table :p
fc11 table.fill table -
fd00 v128.load memarg p:v
fd01 v128.load8x8_s memarg p:v
fd02 v128.load8x8_u memarg p:v
fd03 v128.load16x4_s memarg p:v
fd04 v128.load16x4_u memarg p:v
fd05 v128.load32x2_s memarg p:v
fd06 v128.load32x2_u memarg p:v
fd07 v128.load8_splat memarg p:v
fd08 v128.load16_splat memarg p:v
fd09 v128.load32_splat memarg p:v
fd0a v128.load64_splat memarg p:v
fd0b v128.store memarg pv:
fd0c v128.const v128 :v
fd0d i8x16.shuffle shuffle vv:v
fd0e i8x16.swizzle vv:v
fd0f i8x16.splat i:v
fd10 i16x8.splat i:v
fd11 i32x4.splat i:v
fd12 i64x2.splat I:v
fd13 f32x4.splat f:v
fd14 f64x2.splat F:v
fd15 i8x16.extract_lane_s lane v:i
fd16 i8x16.extract_lane_u lane v:i
fd17 i8x16.replace_lane lane vi:v
fd18 i16x8.extract_lane_s lane v:i
fd19 i16x8.extract_lane_u lane v:i
fd1a i16x8.replace_lane lane vi:v
fd1b i32x4.extract_lane lane v:i
fd1c i32x4.replace_lane lane vi:v
fd1d i64x2.extract_lane lane v:I
fd1e i64x2.replace_lane lane vI:v
fd1f f32x4.extract_lane lane v:f
fd20 f32x4.replace_lane lane vf:v
fd21 f64x2.extract_lane lane v:F
fd22 f64x2.replace_lane lane vF:v
fd23 i8x16.eq vv:v
fd24 i8x16.ne vv:v
fd25 i8x16.lt_s vv:v
fd26 i8x16.lt_u vv:v
fd27 i8x16.gt_s vv:v
fd28 i8x16.gt_u vv:v
fd29 i8x16.le_s vv:v
fd2a i8x16.le_u vv:v
fd2b i8x16.ge_s vv:v
fd2c i8x16.ge_u vv:v
fd2d i16x8.eq vv:v
fd2e i16x8.ne vv:v
fd2f i16x8.lt_s vv:v
fd30 i16x8.lt_u vv:v
fd31 i16x8.gt_s vv:v
fd32 i16x8.gt_u vv:v
fd33 i16x8.le_s vv:v
fd34 i16x8.le_u vv:v
fd35 i16x8.ge_s vv:v
fd36 i16x8.ge_u vv:v
fd37 i32x4.eq vv:v
fd38 i32x4.ne vv:v
fd39 i32x4.lt_s vv:v
fd3a i32x4.lt_u vv:v
fd3b i32x4.gt_s vv:v
fd3c i32x4.gt_u vv:v
fd3d i32x4.le_s vv:v
fd3e i32x4.le_u vv:v
fd3f i32x4.ge_s vv:v
fd40 i32x4.ge_u vv:v
fd41 f32x4.eq vv:v
fd42 f32x4.ne vv:v
fd43 f32x4.lt vv:v
fd44 f32x4.gt vv:v
fd45 f32x4.le vv:v
fd46 f32x4.ge vv:v
fd47 f64x2.eq vv:v
fd48 f64x2.ne vv:v
fd49 f64x2.lt vv:v
fd4a f64x2.gt vv:v
fd4b f64x2.le vv:v
fd4c f64x2.ge vv:v
fd4d v128.not v:v
fd4e v128.and vv:v
fd4f v128.andnot vv:v
fd50 v128.or vv:v
fd51 v128.xor vv:v
fd52 v128.bitselect vvv:v
fd53 v128.any_true v:i
fd54 v128.load8_lane memarg lane pv:v
fd55 v128.load16_lane memarg lane pv:v
fd56 v128.load32_lane memarg lane pv:v
fd57 v128.load64_lane memarg lane pv:v
fd58 v128.store8_lane memarg lane pv:
fd59 v128.store16_lane memarg lane pv:
fd5a v128.store32_lane memarg lane pv:
fd5b v128.store64_lane memarg lane pv:
fd5c v128.load32_zero memarg p:v
fd5d v128.load64_zero memarg p:v
fd5e f32x4.demote_f64x2_zero v:v
fd5f f64x2.promote_low_f32x4 v:v
fd60 i8x16.abs v:v
fd61 i8x16.neg v:v
fd62 i8x16.popcnt v:v
fd63 i8x16.all_true v:i
fd64 i8x16.bitmask v:i
fd65 i8x16.narrow_i16x8_s vv:v
fd66 i8x16.narrow_i16x8_u vv:v
fd67 f32x4.ceil v:v
fd68 f32x4.floor v:v
fd69 f32x4.trunc v:v
fd6a f32x4.nearest v:v
fd6b i8x16.shl vi:v
fd6c i8x16.shr_s vi:v
fd6d i8x16.shr_u vi:v
fd6e i8x16.add vv:v
fd6f i8x16.add_sat_s vv:v
fd70 i8x16.add_sat_u vv:v
fd71 i8x16.sub vv:v
fd72 i8x16.sub_sat_s vv:v
fd73 i8x16.sub_sat_u vv:v
fd74 f64x2.ceil v:v
fd75 f64x2.floor v:v
fd76 i8x16.min_s vv:v
fd77 i8x16.min_u vv:v
fd78 i8x16.max_s vv:v
fd79 i8x16.max_u vv:v
fd7a f64x2.trunc v:v
fd7b i8x16.avgr_u vv:v
fd7c i16x8.extadd_pairwise_i8x16_s v:v
fd7d i16x8.extadd_pairwise_i8x16_u v:v
fd7e i32x4.extadd_pairwise_i16x8_s v:v
fd7f i32x4.extadd_pairwise_i16x8_u v:v
fd80 i16x8.abs v:v
fd81 i16x8.neg v:v
fd82 i16x8.q15mulr_sat_s vv:v
fd83 i16x8.all_true v:i
fd84 i16x8.bitmask v:i
fd85 i16x8.narrow_i32x4_s vv:v
fd86 i16x8.narrow_i32x4_u vv:v
fd87 i16x8.extend_low_i8x16_s v:v
fd88 i16x8.extend_high_i8x16_s v:v
fd89 i16x8.extend_low_i8x16_u v:v
fd8a i16x8.extend_high_i8x16_u v:v
fd8b i16x8.shl vi:v
fd8c i16x8.shr_s vi:v
fd8d i16x8.shr_u vi:v
fd8e i16x8.add vv:v
fd8f i16x8.add_sat_s vv:v
fd90 i16x8.add_sat_u vv:v
fd91 i16x8.sub vv:v
fd92 i16x8.sub_sat_s vv:v
fd93 i16x8.sub_sat_u vv:v
fd94 f64x2.nearest v:v
fd95 i16x8.mul vv:v
fd96 i16x8.min_s vv:v
fd97 i16x8.min_u vv:v
fd98 i16x8.max_s vv:v
fd99 i16x8.max_u vv:v
fd9b i16x8.avgr_u vv:v
fd9c i16x8.extmul_low_i8x16_s vv:v
fd9d i16x8.extmul_high_i8x16_s vv:v
fd9e i16x8.extmul_low_i8x16_u vv:v
fd9f i16x8.extmul_high_i8x16_u vv:v
fda0 i32x4.abs v:v
fda1 i32x4.neg v:v
fda3 i32x4.all_true v:i
fda4 i32x4.bitmask v:i
fda7 i32x4.extend_low_i16x8_s v:v
fda8 i32x4.extend_high_i16x8_s v:v
fda9 i32x4.extend_low_i16x8_u v:v
fdaa i32x4.extend_high_i16x8_u v:v
fdab i32x4.shl vi:v
fdac i32x4.shr_s vi:v
fdad i32x4.shr_u vi:v
fdae i32x4.add vv:v
fdb1 i32x4.sub vv:v
fdb5 i32x4.mul vv:v
fdb6 i32x4.min_s vv:v
fdb7 i32x4.min_u vv:v
fdb8 i32x4.max_s vv:v
fdb9 i32x4.max_u vv:v
fdba i32x4.dot_i16x8_s vv:v
fdbc i32x4.extmul_low_i16x8_s vv:v
fdbd i32x4.extmul_high_i16x8_s vv:v
fdbe i32x4.extmul_low_i16x8_u vv:v
fdbf i32x4.extmul_high_i16x8_u vv:v
fdc0 i64x2.abs v:v
fdc1 i64x2.neg v:v
fdc3 i64x2.all_true v:i
fdc4 i64x2.bitmask v:i
fdc7 i64x2.extend_low_i32x4_s v:v
fdc8 i64x2.extend_high_i32x4_s v:v
fdc9 i64x2.extend_low_i32x4_u v:v
fdca i64x2.extend_high_i32x4_u v:v
fdcb i64x2.shl vi:v
fdcc i64x2.shr_s vi:v
fdcd i64x2.shr_u vi:v
fdce i64x2.add vv:v
fdd1 i64x2.sub vv:v
fdd5 i64x2.mul vv:v
fdd6 i64x2.eq vv:v
fdd7 i64x2.ne vv:v
fdd8 i64x2.lt_s vv:v
fdd9 i64x2.gt_s vv:v
fdda i64x2.le_s vv:v
fddb i64x2.ge_s vv:v
fddc i64x2.extmul_low_i32x4_s vv:v
fddd i64x2.extmul_high_i32x4_s vv:v
fdde i64x2.extmul_low_i32x4_u vv:v
fddf i64x2.extmul_high_i32x4_u vv:v
fde0 f32x4.abs v:v
fde1 f32x4.neg v:v
fde3 f32x4.sqrt v:v
fde4 f32x4.add vv:v
fde5 f32x4.sub vv:v
fde6 f32x4.mul vv:v
fde7 f32x4.div vv:v
fde8 f32x4.min vv:v
fde9 f32x4.max vv:v
fdea f32x4.pmin vv:v
fdeb f32x4.pmax vv:v
fdec f64x2.abs v:v
fded f64x2.neg v:v
fdef f64x2.sqrt v:v
fdf0 f64x2.add vv:v
fdf1 f64x2.sub vv:v
fdf2 f64x2.mul vv:v
fdf3 f64x2.div vv:v
fdf4 f64x2.min vv:v
fdf5 f64x2.max vv:v
fdf6 f64x2.pmin vv:v
fdf7 f64x2.pmax vv:v
fdf8 i32x4.trunc_sat_f32x4_s v:v
fdf9 i32x4.trunc_sat_f32x4_u v:v
fdfa f32x4.convert_i32x4_s v:v
fdfb f32x4.convert_i32x4_u v:v
fdfc i32x4.trunc_sat_f64x2_s_zero v:v
fdfd i32x4.trunc_sat_f64x2_u_zero v:v
fdfe f64x2.convert_low_i32x4_s v:v
fdff f64x2.convert_low_i32x4_u v:v
fd100 i8x16.relaxed_swizzle vv:v
fd101 i32x4.relaxed_trunc_f32x4_s v:v
fd102 i32x4.relaxed_trunc_f32x4_u v:v
fd103 i32x4.relaxed_trunc_f64x2_s_zero v:v
fd104 i32x4.relaxed_trunc_f64x2_u_zero v:v
fd105 f32x4.relaxed_madd vvv:v
fd106 f32x4.relaxed_nmadd vvv:v
fd107 f64x2.relaxed_madd vvv:v
fd108 f64x2.relaxed_nmadd vvv:v
fd109 i8x16.relaxed_laneselect vvv:v
fd10a i16x8.relaxed_laneselect vvv:v
fd10b i32x4.relaxed_laneselect vvv:v
fd10c i64x2.relaxed_laneselect vvv:v
fd10d f32x4.relaxed_min vv:v
fd10e f32x4.relaxed_max vv:v
fd10f f64x2.relaxed_min vv:v
fd110 f64x2.relaxed_max vv:v
fd111 i16x8.relaxed_q15mulr_s vv:v
fd112 i16x8.relaxed_dot_i8x16_i7x16_s vv:v
fd113 i32x4.relaxed_dot_i8x16_i7x16_add_s vvv:v
fe00 memory.atomic.notify memarg pi:i
fe01 memory.atomic.wait32 memarg piI:i
fe02 memory.atomic.wait64 memarg pII:i
fe03 atomic.fence zero :
fe10 i32.atomic.load memarg p:i
fe11 i64.atomic.load memarg p:I
fe12 i32.atomic.load8_u memarg p:i
fe13 i32.atomic.load16_u memarg p:i
fe14 i64.atomic.load8_u memarg p:I
fe15 i64.atomic.load16_u memarg p:I
fe16 i64.atomic.load32_u memarg p:I
fe17 i32.atomic.store memarg pi:
fe18 i64.atomic.store memarg pI:
fe19 i32.atomic.store8 memarg pi:
fe1a i32.atomic.store16 memarg pi:
fe1b i64.atomic.store8 memarg pI:
fe1c i64.atomic.store16 memarg pI:
fe1d i64.atomic.store32 memarg pI:
fe1e i32.atomic.rmw.add memarg pi:i
fe1f i64.atomic.rmw.add memarg pI:I
fe20 i32.atomic.rmw8.add_u memarg pi:i
fe21 i32.atomic.rmw16.add_u memarg pi:i
fe22 i64.atomic.rmw8.add_u memarg pI:I
fe23 i64.atomic.rmw16.add_u memarg pI:I
fe24 i64.atomic.rmw32.add_u memarg pI:I
fe25 i32.atomic.rmw.sub memarg pi:i
fe26 i64.atomic.rmw.sub memarg pI:I
fe27 i32.atomic.rmw8.sub_u memarg pi:i
fe28 i32.atomic.rmw16.sub_u memarg pi:i
fe29 i64.atomic.rmw8.sub_u memarg pI:I
fe2a i64.atomic.rmw16.sub_u memarg pI:I
fe2b i64.atomic.rmw32.sub_u memarg pI:I
fe2c i32.atomic.rmw.and memarg pi:i
fe2d i64.atomic.rmw.and memarg pI:I
fe2e i32.atomic.rmw8.and_u memarg pi:i
fe2f i32.atomic.rmw16.and_u memarg pi:i
fe30 i64.atomic.rmw8.and_u memarg pI:I
fe31 i64.atomic.rmw16.and_u memarg pI:I
fe32 i64.atomic.rmw32.and_u memarg pI:I
fe33 i32.atomic.rmw.or memarg pi:i
fe34 i64.atomic.rmw.or memarg pI:I
fe35 i32.atomic.rmw8.or_u memarg pi:i
fe36 i32.atomic.rmw16.or_u memarg pi:i
fe37 i64.atomic.rmw8.or_u memarg pI:I
fe38 i64.atomic.rmw16.or_u memarg pI:I
fe39 i64.atomic.rmw32.or_u memarg pI:I
fe3a i32.atomic.rmw.xor memarg pi:i
fe3b i64.atomic.rmw.xor memarg pI:I
fe3c i32.atomic.rmw8.xor_u memarg pi:i
fe3d i32.atomic.rmw16.xor_u memarg pi:i
fe3e i64.atomic.rmw8.xor_u memarg pI:I
fe3f i64.atomic.rmw16.xor_u memarg pI:I
fe40 i64.atomic.rmw32.xor_u memarg pI:I
fe41 i32.atomic.rmw.xchg memarg pi:i
fe42 i64.atomic.rmw.xchg memarg pI:I
fe43 i32.atomic.rmw8.xchg_u memarg pi:i
fe44 i32.atomic.rmw16.xchg_u memarg pi:i
fe45 i64.atomic.rmw8.xchg_u memarg pI:I
fe46 i64.atomic.rmw16.xchg_u memarg pI:I
fe47 i64.atomic.rmw32.xchg_u memarg pI:I
fe48 i32.atomic.rmw.cmpxchg memarg pii:i
fe49 i64.atomic.rmw.cmpxchg memarg pII:I
fe4a i32.atomic.rmw8.cmpxchg_u memarg pii:i
fe4b i32.atomic.rmw16.cmpxchg_u memarg pii:i
fe4c i64.atomic.rmw8.cmpxchg_u memarg pII:I
fe4d i64.atomic.rmw16.cmpxchg_u memarg pII:I
fe4e i64.atomic.rmw32.cmpxchg_u memarg pII:I
`;
