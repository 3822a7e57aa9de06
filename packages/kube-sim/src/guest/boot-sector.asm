; The demo guest: one boot sector that proves a machine works. It paints KUBEV in blocks and a line of text on the
; screen, says the same on the first serial port, echoes every key and every serial byte to both, and powers off when the
; ACPI power button is pressed. Assemble it with `nasm -f bin`; boot-sector.ts holds
; the bytes, so that nobody needs nasm, and a test keeps both equal.
        bits 16
        org 0x7c00

COM1    equ 0x3f8
PM_BASE equ 0x600               ; where SeaBIOS puts the ACPI power management block on q35
BLOCKS  equ 0x30                ; a cell of cyan

start:
        jmp 0:main
main:
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7c00
        cld
        sti
        mov ax, 3               ; 80x25 text, clears the screen
        int 0x10

        mov dx, COM1 + 1        ; 115200 8N1, no interrupts
        xor al, al
        out dx, al
        mov dx, COM1 + 3
        mov al, 0x80
        out dx, al
        mov dx, COM1
        mov al, 1
        out dx, al
        inc dx
        xor al, al
        out dx, al
        mov dx, COM1 + 3
        mov al, 3
        out dx, al
        inc dx                  ; DTR, RTS
        out dx, al

        mov dx, PM_BASE + 2     ; let the power button set its status bit
        mov ax, 0x0100
        out dx, ax
        in al, 0xa1             ; but nobody handles its interrupt: mask IRQ 9
        or al, 2
        out 0xa1, al

        ; Letters: five rows of 32 columns, a set bit is a cell of block colour. Written straight into text memory.
        mov ax, 0xb800
        mov es, ax
        mov si, letters
        mov di, (2 * 80 + 4) * 2
        mov dx, 5
.row:   mov cx, 32
        lodsd
        mov ebx, eax
.cell:  shl ebx, 1
        mov ax, 0x0020
        jnc .put
        mov ah, BLOCKS
.put:   stosw
        loop .cell
        add di, (80 - 32) * 2
        dec dx
        jnz .row

        mov ah, 2               ; cursor below the letters
        xor bh, bh
        mov dx, 0x0804
        int 0x10
        mov si, banner
.say:   lodsb
        test al, al
        jz poll
        call both
        jmp .say

poll:   mov dx, PM_BASE         ; power button pressed?
        in ax, dx
        test ah, 1
        jnz off
        mov dx, COM1 + 5        ; a serial byte?
        in al, dx
        test al, 1
        jz .key
        mov dx, COM1
        in al, dx
        jmp .echo
.key:   mov ah, 1
        int 0x16
        jz .idle
        xor ah, ah
        int 0x16
        test al, al
        jz poll                 ; a key without a character
.echo:  call both
        cmp al, 13
        jne poll
        mov al, 10
        call both
        jmp poll
.idle:  hlt                     ; the timer wakes us 18 times a second
        jmp poll

off:    mov dx, PM_BASE + 4     ; S5
        mov ax, 0x2000
        out dx, ax
        hlt
        jmp off

; Writes AL to the screen and to the serial port. Keeps AL.
both:   mov ah, 0x0e
        mov bx, 7
        int 0x10
        mov ah, al
        mov dx, COM1 + 5
.wait:  in al, dx
        test al, 0x20
        jz .wait
        mov dx, COM1
        mov al, ah
        out dx, al
        ret

banner: db 'KubeV demo guest is up. Type, and it comes back.', 13, 10, '> ', 0

; K U B E V, five columns and a gap each, most significant bit first.
letters:
        dd 10001010001011110011111010001000b
        dd 10010010001010001010000010001000b
        dd 11100010001011110011110010001000b
        dd 10010010001010001010000001010000b
        dd 10001001110011110011111000100000b

        times 510 - ($ - $$) db 0
        dw 0xaa55
