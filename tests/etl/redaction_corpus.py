"""Notes as agents type them, none of them real: {type|text} marks what must be taken out; the rest must stay."""

NOTES = """
caller gave card {card|4111 1111 1111 1111} exp 12/27, told her we never take it
paid with {card|4111-1111-1111-1111} cvv {cvv|123}
amex {card|3782 822463 10005} security code is {cvv|1234}
{card|5555555555554444}
mc {card|5105.1051.0510.5100} declined
card ending 4242 was charged twice
card no. {card|4012888888881881}, CVC: {cvv|999}, zip 80202
{card|6011 1111 1111 1117} discover
number is {card|4111111111111111} 123 main st
wide digits {card|４１１１ １１１１ １１１１ １１１１}
{card|4222222222222} old visa
tracking 9400110200881234567891 still not delivered
meter 4111111111111112 read twice
IMEI 490154203237517 stolen phone
her ssn is {ssn|078-05-1120}
SSN {ssn|219099999} on the form
social security number: {ssn|457555462}
ITIN {ssn|912-70-1234}
ssn {ssn|078 05 1120} read aloud
parcel 078051120 at the counter
permit 123456789 expired
mail {e-mail|jane.doe@example.org} when fixed
{e-mail|J_O+311@mail.city.example.gov}, {e-mail|x@y.co}
write to bob (at) the desk
reach me at {e-mail|bob(at)example.com}
follow @denver311 on social
call back {phone|303-555-0123} after five
call {phone|(303) 555-0123} or {phone|303.555.0124}
cell {phone|3035550123}
{phone|+1 303 555 0123}
{phone|+13035550123} home
{phone|1-800-555-0199} hotline
{phone|303 555 0123} x12
seven digits {phone|555-0123}
uk number {phone|+44 20 7946 0958}
{phone|303/555-0123} is his office
from {phone|+1 (303) 555-0177}
case 2026-0012345 opened, see case 101000123456
case number 1015550123 was closed
request #17-00012345
inspected 2026-11-13 at 08:30, due 11/20/2026
fine of $1,250.00, receipt 00012345
lot 12, block 34, parcel 0123-45-678-9012
meets at 1437 Bannock St, Denver CO 80202-5337
bus 15 stop 12345, line 120X
pothole 3.5 ft wide, 12 in deep
called 311 three times, waited 45 min
temperature 98.6, ward 5, route 66
IP 192.168.10.20 in the screenshot
lat 39.739236 lon -104.990251
serial A1B2C3D4E5
price 12.99 x 3 = 38.97
phone {phone|720-555-0101}, mail {e-mail|a.b@c.example}, card {card|4000 0566 5566 5556}
line one {phone|303-555-0100}
no number given
"""
